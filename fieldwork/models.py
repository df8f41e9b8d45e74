from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fieldwork.enums import STANDING, Decision, DeliveryState
from organisations import jurisdiction
from organisations.enums import Reach
from organisations.jurisdiction import Scoped, ScopedQuerySet, below
from organisations.models import Unit


class DeliveryQuerySet(ScopedQuerySet):
    """Deliveries within a person's jurisdiction: by their unit, or by the post of the sender."""

    def visible_to(self, user, permission: str) -> "DeliveryQuerySet":
        """Also what lies in no unit that the sender answers for, for those above the sender.

        What has no place at all is for those who answer for a whole country.
        """
        tops = jurisdiction.paths(user, permission, Reach.BELOW)
        if not tops:
            return self.none()
        rows = below(tops, "unit__path") | below(tops, "sender_unit__path")
        if any(len(path) == Unit.steplen for path in tops):
            rows |= Q(unit=None, sender_unit=None)
        return self.filter(rows)


class Delivery(Scoped):
    """One content that arrived under the id of one record, byte for byte as it came.

    The body never changes. A second content under the same id is a second delivery. ``unit`` is
    where the record says that it belongs; ``sender_unit`` the post of its sender, kept only where
    the unit is unknown or outside what the sender may do.
    """

    jurisdiction_path = "unit"

    record = models.UUIDField(_("number"), editable=False)
    kind = models.CharField(_("kind"), max_length=60, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="deliveries",
        verbose_name=_("sent by"),
        editable=False,
    )
    device = models.UUIDField(_("phone"), editable=False)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="deliveries", verbose_name=_("place")
    )
    sender_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="deliveries_by_post", verbose_name=_("post")
    )
    body = models.BinaryField(_("content"), editable=False)
    sha256 = models.CharField(_("hash of the bytes"), max_length=64, editable=False)
    # Of the same JSON with sorted keys and no spaces: tells the same content from another.
    canonical_hash = models.CharField(_("hash of the content"), max_length=64, editable=False)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=9, choices=DeliveryState.choices)
    code = models.CharField(_("why, in a word"), max_length=40, blank=True)
    reason = models.TextField(_("why"), blank=True)
    # The id of the record that it collides with
    rival = models.UUIDField(_("collides with"), null=True, blank=True)

    objects: ClassVar = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("record from a phone")
        verbose_name_plural = _("records from phones")
        ordering = ["received_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "canonical_hash"], name="delivery_once_per_content"
            ),
            # Two contents at the same moment: the second to come is the conflict, on any database.
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(state__in=STANDING),
                name="delivery_one_standing_per_record",
            ),
            models.CheckConstraint(
                name="delivery_says_why_unless_accepted",
                condition=Q(state=DeliveryState.ACCEPTED) | ~Q(code=""),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "received_at"]),
            models.Index(fields=["by", "received_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record}"

    @property
    def audit_path(self) -> str:
        place = self.unit or self.sender_unit
        return place.path if place else ""


class Settlement(models.Model):
    """What a person decided about a delivery that waited, when and why; never changed."""

    not_scoped_because = "read beside its delivery only, which is scoped"

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="settlements")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="settlements", verbose_name=_("by")
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)
    decision = models.CharField(_("decision"), max_length=9, choices=Decision.choices)
    # Why it had waited: what this decision was about
    code = models.CharField(_("why, in a word"), max_length=40)
    passes_over = models.BooleanField(_("passes over the rule"), default=False)
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("decision about a record")
        verbose_name_plural = _("decisions about records")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(name="settlement_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()}: {self.reason}"


class Blob(models.Model):
    """A picture that a record refers to by the hash of its bytes; in parts until it is whole."""

    not_scoped_because = "its sender alone sends and asks for it; records lead others to it"

    sha256 = models.CharField(_("hash of the bytes"), max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="blobs", verbose_name=_("sent by")
    )
    begun_at = models.DateTimeField(_("begun"), auto_now_add=True)
    completed_at = models.DateTimeField(_("complete"), null=True)
    size = models.PositiveIntegerField(_("bytes so far"), default=0)
    media_type = models.CharField(_("type"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("picture from a phone")
        verbose_name_plural = _("pictures from phones")
        constraints = [
            models.UniqueConstraint(fields=["by", "sha256"], name="blob_once_per_sender"),
        ]

    def __str__(self) -> str:
        return self.sha256


class BlobPart(models.Model):
    """Bytes of a picture still on its way; kept in the database, so that any process goes on."""

    not_scoped_because = "a piece of a picture, gone once that is whole"

    blob = models.ForeignKey(Blob, models.CASCADE, related_name="parts")
    offset = models.PositiveIntegerField(_("begins at"))
    content = models.BinaryField(_("bytes"))

    class Meta:
        verbose_name = _("part of a picture")
        verbose_name_plural = _("parts of pictures")
        ordering = ["blob", "offset"]
        constraints = [
            models.UniqueConstraint(fields=["blob", "offset"], name="blobpart_once_per_offset"),
        ]

    def __str__(self) -> str:
        return f"{self.blob_id} +{self.offset}"
