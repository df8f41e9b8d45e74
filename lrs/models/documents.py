from django.db import models
from django.utils.translation import gettext_lazy as _

from lrs.enums import Resource
from lrs.models.credentials import WHY


class Document(models.Model):
    """A state or profile document: bytes that a client keeps here, as they came."""

    not_scoped_because = WHY

    resource = models.CharField(_("kind"), max_length=20, choices=Resource.choices)
    # Keys of lrs.keys; empty where the kind has none
    activity = models.BinaryField(_("activity"), max_length=16, default=b"")
    agent = models.BinaryField(_("agent"), max_length=16, default=b"")
    registration = models.UUIDField(_("registration"), null=True, blank=True)
    document_id = models.TextField(_("id"))
    # Of all the above: an id has no greatest length, an index has
    place = models.BinaryField(_("place"), max_length=16, unique=True)
    content = models.BinaryField(_("content"))
    content_type = models.CharField(_("type"), max_length=255)
    etag = models.CharField(_("ETag"), max_length=64)
    updated_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        indexes = [models.Index(fields=["agent", "activity"]), models.Index(fields=["activity"])]

    def __str__(self) -> str:
        return self.document_id
