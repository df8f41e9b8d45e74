"""Statements, and what finds them again.

A statement's ``position`` is the moment it was stored, in microseconds, with ten bits of the
process that stored it: unique, and in the order of ``stored``. All paging goes by it.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from lrs.models.credentials import WHY, Credential
from lrs.models.erasures import Erasure


class Statement(models.Model):
    """An xAPI statement, kept as it came. Never changed, but by an erasure.

    ``verb`` and ``object`` are for people and counts (``lrs.keys``); searches go by ``Mention``.
    """

    not_scoped_because = WHY

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    position = models.BigIntegerField(_("position"), unique=True)
    # JSON as given back: what came, with the store's id, stored, authority, timestamp and version
    raw = models.TextField(_("statement"))
    fingerprint = models.CharField(_("hash of what may not change"), max_length=64)
    verb = models.CharField(_("verb"), max_length=500)
    object = models.CharField(_("object"), max_length=500)
    # The statement that this one is about, voids for instance
    refers_to = models.UUIDField(_("refers to"), null=True, blank=True)
    timestamp = models.DateTimeField(_("happened"))
    stored = models.DateTimeField(_("stored"))
    credential = models.ForeignKey(
        Credential, models.PROTECT, null=True, related_name="statements", verbose_name=_("client")
    )
    erasure = models.ForeignKey(
        Erasure, models.PROTECT, null=True, related_name="+", verbose_name=_("last erasure")
    )

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["-position"]
        indexes = [
            models.Index(
                fields=["refers_to"],
                condition=models.Q(refers_to__isnull=False),
                name="lrs_statement_refers_to",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object}"


class Mention(models.Model):
    """That a statement is found under ``key`` (``lrs.keys``): an agent, a verb, an activity.

    ``source`` is the position of the statement that has the key itself: this one, or one that it
    refers to, since a search for what the latter says finds both. Its primary key is the only
    index: one range of it answers a page.
    """

    not_scoped_because = WHY

    pk = models.CompositePrimaryKey("key", "statement_id", "source")
    key = models.BinaryField(_("key"), max_length=16)
    statement = models.ForeignKey(
        Statement,
        models.CASCADE,
        to_field="position",
        db_column="position",
        db_index=False,
        db_constraint=False,
        related_name="mentions",
        verbose_name=_("statement"),
    )
    source = models.BigIntegerField(_("source"))

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")

    def __str__(self) -> str:
        return bytes(self.key).hex()


class Void(models.Model):
    """That the statement with the id ``target``, here or still to come, is voided."""

    not_scoped_because = WHY

    target = models.UUIDField(_("voided"), primary_key=True)
    by = models.ForeignKey(
        Statement, models.PROTECT, related_name="voids", verbose_name=_("voided by")
    )

    class Meta:
        verbose_name = _("voiding")
        verbose_name_plural = _("voidings")

    def __str__(self) -> str:
        return str(self.target)


class Activity(models.Model):
    """What is known of an activity: the definitions that came, merged."""

    not_scoped_because = WHY

    key = models.BinaryField(_("key"), max_length=16, primary_key=True)
    iri = models.TextField(_("IRI"))
    definition = models.TextField(_("definition"))

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")

    def __str__(self) -> str:
        return self.iri


class Attachment(models.Model):
    """Bytes that came with statements, kept once for each hash in the storage ``xapi``."""

    not_scoped_because = WHY

    sha2 = models.CharField(_("hash"), max_length=128, primary_key=True)
    content_type = models.CharField(_("type"), max_length=255)
    length = models.PositiveBigIntegerField(_("bytes"))

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.sha2
