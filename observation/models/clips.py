from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.html import linebreaks
from django.utils.translation import gettext_lazy as _

from cms.models import Film
from core.fields import TranslatedField
from observation.enums import ClipLevel, ClipMedium, ClipStatus, ClipUse, Moment, RatingState
from observation.models.instruments import InstrumentVersion, Item
from organisations.enums import AgeGroup

SHARED = "training clips are the same for every observer"


class TrainingClip(models.Model):
    """A film or a written scene that observers code, with what experts agreed on as its codes.

    Fixed once published, its master codes too: results refer to them. No child is named in it.
    What may still be said of it then is that its codes have become ``public``.
    """

    not_scoped_because = SHARED

    code = models.SlugField(_("code"), max_length=64, unique=True)
    version = models.ForeignKey(
        InstrumentVersion, models.PROTECT, related_name="clips", verbose_name=_("instrument")
    )
    title = TranslatedField(_("title"))
    medium = models.CharField(_("medium"), max_length=5, choices=ClipMedium.choices)
    film = models.ForeignKey(
        Film, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("film")
    )
    # The scene itself, or everything that the film says and shows
    words = TranslatedField(_("scene or transcript"))
    age_group = models.CharField(_("age group"), max_length=3, choices=AgeGroup.choices)
    moments = models.JSONField(_("moments"), default=list)
    level = models.CharField(_("level"), max_length=4, choices=ClipLevel.choices)
    use = models.CharField(_("use"), max_length=8, choices=ClipUse.choices)
    consent = models.TextField(
        _("consent"),
        help_text=_("Who agreed to be shown, and where that is kept; of a scene, who wrote it."),
    )
    public = models.BooleanField(
        _("its master codes are public"),
        default=False,
        help_text=_(
            "Anybody can find them. In a test the clip shows how a test goes, and proves nothing."
        ),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=ClipStatus.choices, default=ClipStatus.DRAFT
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    content_hash = models.CharField(_("hash of the content"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("training clip")
        verbose_name_plural = _("training clips")
        ordering = ["version", "use", "code"]
        constraints = [
            models.CheckConstraint(
                name="clip_has_a_film_exactly_when_it_is_one",
                condition=Q(medium=ClipMedium.FILM, film__isnull=False)
                | Q(medium=ClipMedium.SCENE, film__isnull=True),
            ),
            models.CheckConstraint(
                name="clip_published_has_date_and_hash",
                condition=Q(status=ClipStatus.DRAFT)
                | (Q(published_at__isnull=False) & ~Q(content_hash="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def moment_names(self) -> list[str]:
        """The moments in words."""
        return [str(Moment(code).label) for code in self.moments if code in Moment.values]

    @property
    def shown(self) -> dict[str, Any]:
        """What the block of a film takes: the film, and its transcript with its lines."""
        return {"film": self.film, "transcript": linebreaks(str(self.words), autoescape=True)}


class MasterCode(models.Model):
    """What experts agreed on for one item of a clip, and why; of an alert, that it occurs."""

    not_scoped_because = SHARED

    clip = models.ForeignKey(TrainingClip, models.CASCADE, related_name="master_codes")
    item = models.ForeignKey(Item, models.PROTECT, related_name="master_codes")
    state = models.CharField(_("state"), max_length=8, choices=RatingState.choices)
    value = models.SmallIntegerField(_("value"), null=True, blank=True)
    rationale = TranslatedField(_("rationale"))

    class Meta:
        verbose_name = _("master code")
        verbose_name_plural = _("master codes")
        ordering = ["clip", "item__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["clip", "item"], name="mastercode_once_per_clip_and_item"
            ),
            models.CheckConstraint(
                name="mastercode_has_value_exactly_when_scored",
                condition=Q(state=RatingState.SCORED, value__isnull=False)
                | Q(state=RatingState.NOT_APPLICABLE, value__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.value if self.value is not None else self.state}"
