"""What is owed to other record stores, and to which.

A delivery is written with its statement, in one transaction, and goes once the other store has it:
no cursor over positions, which would pass by a statement that commits after a later one.
"""

from django.db import models
from django.db.models import Count, Min, Q
from django.utils.translation import gettext_lazy as _

from lrs.models.credentials import WHY
from lrs.models.statements import Statement

WAITS, DEAD = Q(dead_at__isnull=True), Q(dead_at__isnull=False)


class DestinationQuerySet(models.QuerySet):
    """Destinations, those still in use, and what each is owed."""

    def in_use(self) -> "DestinationQuerySet":
        return self.filter(removed_at=None)

    def with_figures(self) -> "DestinationQuerySet":
        """``waiting`` and ``dead`` count deliveries; ``oldest`` is since when the first waits."""
        waits = Q(deliveries__dead_at__isnull=True)
        return self.annotate(
            waiting=Count("deliveries", filter=waits),
            dead=Count("deliveries", filter=~waits),
            oldest=Min("deliveries__made_at", filter=waits),
        )


class Destination(models.Model):
    """Another record store, to which every statement stored here is forwarded."""

    not_scoped_because = WHY

    class Version(models.TextChoices):
        FIRST = "1.0.3", "1.0.3"
        SECOND = "2.0.0", "2.0.0"

    name = models.CharField(_("name"), max_length=100)
    endpoint = models.URLField(_("address"), max_length=500)
    version = models.CharField(
        _("version of xAPI"), max_length=10, choices=Version.choices, default=Version.FIRST
    )
    key = models.CharField(_("key"), max_length=200)
    sealed_secret = models.BinaryField(_("secret, encrypted"))
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    # After a failure nothing is sent before this moment
    waits_until = models.DateTimeField(_("waits until"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    last_success_at = models.DateTimeField(_("last success"), null=True, blank=True)
    last_failure_at = models.DateTimeField(_("last failure"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)
    # Positions of statements stored before it was known to every process, still to be owed to it
    owed_from = models.BigIntegerField(_("owed from"), null=True, blank=True)
    owed_to = models.BigIntegerField(_("owed to"), default=0)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = DestinationQuerySet.as_manager()

    class Meta:
        verbose_name = _("destination")
        verbose_name_plural = _("destinations")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(removed_at=None), name="lrs_destination_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """That a statement is owed to a destination; one that was refused for good is a dead letter.

    ``claim`` and a later ``next_at`` are of the worker that is sending it; they lapse if it dies.
    """

    not_scoped_because = WHY

    destination = models.ForeignKey(
        Destination, models.CASCADE, db_index=False, related_name="deliveries"
    )
    statement = models.ForeignKey(
        Statement, models.CASCADE, db_index=False, related_name="deliveries"
    )
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    made_at = models.DateTimeField(_("owed since"))
    next_at = models.DateTimeField(_("next try"))
    claim = models.UUIDField(_("being sent"), null=True, blank=True)
    dead_at = models.DateTimeField(_("given up"), null=True, blank=True)
    error = models.CharField(_("what the other store said"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "destination"], name="lrs_delivery_once_for_each"
            ),
        ]
        indexes = [
            models.Index(
                fields=["destination", "next_at", "id"], condition=WAITS, name="lrs_delivery_next"
            ),
            models.Index(
                fields=["destination", "made_at"], condition=WAITS, name="lrs_delivery_oldest"
            ),
            models.Index(
                fields=["destination", "dead_at"], condition=DEAD, name="lrs_delivery_dead"
            ),
            models.Index(
                fields=["claim"], condition=Q(claim__isnull=False), name="lrs_delivery_claim"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} → {self.destination}"
