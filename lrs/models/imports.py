"""What came from other record stores, and how far."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lrs.models.credentials import WHY, Credential
from lrs.models.statements import Statement


class Import(models.Model):
    """A copy of another store's statements being taken; each page is stored with its progress."""

    not_scoped_because = WHY

    endpoint = models.URLField(_("address"), max_length=500)
    key = models.CharField(_("key"), max_length=200)
    since = models.DateTimeField(_("stored there since"), null=True, blank=True)
    # As whose the statements stand here
    credential = models.ForeignKey(
        Credential, models.PROTECT, related_name="imports", verbose_name=_("client")
    )
    more = models.TextField(_("address of the next page"), blank=True)
    pages = models.PositiveIntegerField(_("pages"), default=0)
    stored = models.PositiveIntegerField(_("stored"), default=0)
    held = models.PositiveIntegerField(_("held already"), default=0)
    last_stored_at = models.DateTimeField(_("last one stored there"), null=True, blank=True)
    # All that was stored there before this moment had come in sight when the import began
    through = models.DateTimeField(_("complete through"), null=True, blank=True)
    begun_at = models.DateTimeField(_("begun"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-begun_at", "-pk"]

    def __str__(self) -> str:
        return self.endpoint


class LeftOut(models.Model):
    """A statement of another store that was not taken, and why."""

    not_scoped_because = WHY

    source = models.ForeignKey(
        Import, models.CASCADE, related_name="left_out", verbose_name=_("import")
    )
    statement_id = models.CharField(_("id"), max_length=100, blank=True)
    conflict = models.BooleanField(_("another is held here under its id"), default=False)
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        verbose_name = _("statement left out")
        verbose_name_plural = _("statements left out")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.reason}"


class Origin(models.Model):
    """When the store that a statement was taken from had stored it, and who vouched for it there.

    An authority may be a person, or have one for a member: ``authority_keys`` holds the keys of all
    (``lrs.keys``, in hexadecimal), so that an erasure finds her.
    """

    not_scoped_because = WHY

    statement = models.OneToOneField(
        Statement, models.CASCADE, primary_key=True, related_name="origin"
    )
    source = models.ForeignKey(
        Import, models.PROTECT, related_name="origins", verbose_name=_("import")
    )
    stored = models.DateTimeField(_("stored there"), null=True, blank=True)
    authority = models.TextField(_("authority there"), blank=True)  # JSON
    authority_keys = models.TextField(_("keys"), blank=True)

    class Meta:
        verbose_name = _("origin")
        verbose_name_plural = _("origins")

    def __str__(self) -> str:
        return str(self.statement_id)
