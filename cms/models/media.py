"""Pictures, documents and films. Custom from day one: these tables cannot be swapped later."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition, Image
from wagtail.models import Orderable
from wagtail.search import index

WHY = "public content, the same for everyone"
MOST_BYTES = 200 * 1024 * 1024
# How a file of this ending begins, and at which byte.
BEGINNINGS = {
    "pdf": (0, b"%PDF-"),
    "webm": (0, b"\x1aE\xdf\xa3"),
    "mp4": (4, b"ftyp"),
    **dict.fromkeys(("docx", "xlsx", "pptx", "odt", "ods", "odp"), (0, b"PK\x03\x04")),
}


def validate_upload(file) -> None:
    """A file of a bearable size that is what its ending says."""
    if file.size > MOST_BYTES:
        raise ValidationError(
            {"file": _("The file is larger than %(most)d MB.") % {"most": MOST_BYTES // 1024**2}}
        )
    at, beginning = BEGINNINGS.get(Path(file.name).suffix.lstrip(".").lower(), (0, b""))
    file.seek(at)
    begins = file.read(len(beginning))
    file.seek(0)
    if begins != beginning:
        raise ValidationError({"file": _("The file is not what its ending says. Save it again.")})


class Picture(AbstractImage):
    """A picture. Its alternative text is required; a page may give another that fits better."""

    not_scoped_because = WHY

    description = models.CharField(
        _("alternative text"),
        max_length=255,
        help_text=_("What the picture shows, for who cannot see it."),
    )

    admin_form_fields = Image.admin_form_fields

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        permissions = [("choose_image", "Can choose image")]


class Rendition(AbstractRendition):
    """A picture at one size."""

    not_scoped_because = WHY

    image = models.ForeignKey(Picture, models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="rendition_once"
            )
        ]


class Paper(AbstractDocument):
    """A file to download."""

    not_scoped_because = WHY

    admin_form_fields = WagtailDocument.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_document", "Can choose document")]

    def clean(self) -> None:
        super().clean()
        if self.file:
            validate_upload(self.file)


class Film(index.Indexed, ClusterableModel):
    """A short film with captions."""

    not_scoped_because = WHY

    title = models.CharField(_("title"), max_length=150, unique=True)
    file = models.FileField(
        _("file"),
        upload_to="films/",
        validators=[FileExtensionValidator(["webm", "mp4"])],
        help_text=_("WebM or MP4, small enough for a phone: some 1 MB a minute."),
    )
    poster = models.ForeignKey(
        Picture, models.PROTECT, related_name="films", verbose_name=_("still shown before playing")
    )
    seconds = models.PositiveSmallIntegerField(_("length in seconds"))

    panels = [
        FieldPanel("title"),
        FieldPanel("file"),
        FieldPanel("poster"),
        FieldPanel("seconds"),
        InlinePanel("captions", heading=_("Captions"), min_num=1),
    ]
    search_fields = [index.SearchField("title"), index.AutocompleteField("title")]

    class Meta:
        verbose_name = _("film")
        verbose_name_plural = _("films")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.file:
            validate_upload(self.file)

    @property
    def media_type(self) -> str:
        """The media type, from the file's ending."""
        ending = Path(self.file.name or "").suffix
        return f"video/{ending.lstrip('.').lower()}"


def validate_webvtt(file) -> None:
    """A caption file is WebVTT: UTF-8 that begins with the letters WEBVTT."""
    file.seek(0)
    start = file.read(6 + 3)
    file.seek(0)
    if not start.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
        raise ValidationError(_("This is no WebVTT file: its first line must be WEBVTT."))


class Caption(Orderable):
    """The captions of a film in one language."""

    not_scoped_because = WHY

    film = ParentalKey(Film, on_delete=models.CASCADE, related_name="captions")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    file = models.FileField(
        _("WebVTT file"),
        upload_to="films/",
        validators=[FileExtensionValidator(["vtt"]), validate_webvtt],
    )

    class Meta(Orderable.Meta):
        verbose_name = _("captions")
        verbose_name_plural = _("captions")
        constraints = [
            models.UniqueConstraint(fields=["film", "language"], name="captions_once_per_language")
        ]

    def __str__(self) -> str:
        return f"{self.film} ({self.language})"
