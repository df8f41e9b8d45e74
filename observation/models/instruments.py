from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import Translated, TranslatedField
from observation.enums import (
    STEP_WORDS,
    InstrumentKind,
    ItemKind,
    RatingState,
    ScaleKind,
    ScoringRule,
    VersionStatus,
)

SHARED = "instruments are the same for everyone"
CODE_LENGTH, DOMAIN_CODE_LENGTH = 64, 32


class Instrument(models.Model):
    """A checklist, a guide or an imported set of items; its content stands in versions."""

    not_scoped_because = SHARED

    code = models.SlugField(_("code"), max_length=CODE_LENGTH, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=InstrumentKind.choices)
    name = TranslatedField(_("name"))

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        ordering = ["code"]

    def __str__(self) -> str:
        return str(self.name)


class InstrumentVersion(models.Model):
    """What an instrument said and how it was scored at one time; never changed once published."""

    not_scoped_because = SHARED

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    status = models.CharField(
        _("status"), max_length=10, choices=VersionStatus.choices, default=VersionStatus.DRAFT
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    content_hash = models.CharField(_("hash of the content"), max_length=64, blank=True)
    minimum_cycles = models.PositiveSmallIntegerField(_("cycles at least"), default=1)
    cycle_minutes = models.PositiveSmallIntegerField(
        _("minutes of a cycle at least"), null=True, blank=True
    )
    cycle_minutes_most = models.PositiveSmallIntegerField(
        _("minutes of a cycle at most"), null=True, blank=True
    )
    minimum_answered = models.DecimalField(
        _("share of applicable items answered for a valid score"),
        max_digits=3,
        decimal_places=2,
        default="0.60",
    )
    scoring = models.CharField(
        _("scoring rule"), max_length=8, choices=ScoringRule.choices, default=ScoringRule.PERCENT
    )
    # Without moments, which items apply follows from the age group alone.
    moments_asked = models.BooleanField(_("moments of the day are asked"), default=True)
    routine_and_play = models.BooleanField(_("needs a care routine and a play"), default=True)
    # [{"code": "A", "name": {"es": …}, "minutes": 15, "snapshots": [4, 9, 14]}, …]: the timed
    # parts of a cycle, each with the minutes at which the room is looked at for a moment
    segments = models.JSONField(_("timed segments"), default=list, blank=True)
    # Why the programme needs it; said when it is published, no part of the content
    reason = TranslatedField(_("why this version"), blank=True)

    class Meta:
        verbose_name = _("instrument version")
        verbose_name_plural = _("instrument versions")
        ordering = ["instrument", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "number"], name="instrumentversion_number_once"
            ),
            models.CheckConstraint(
                name="instrumentversion_published_has_date_and_hash",
                condition=Q(status=VersionStatus.DRAFT)
                | (Q(published_at__isnull=False) & ~Q(content_hash="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.number}"


class Domain(models.Model):
    """A group of items that make one score (or one area of a guide)."""

    not_scoped_because = SHARED

    version = models.ForeignKey(InstrumentVersion, models.CASCADE, related_name="domains")
    code = models.CharField(_("code"), max_length=DOMAIN_CODE_LENGTH)
    order = models.PositiveSmallIntegerField(_("order"))
    name = TranslatedField(_("name"))

    class Meta:
        verbose_name = _("domain")
        verbose_name_plural = _("domains")
        ordering = ["version", "order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="domain_code_once_per_version")
        ]

    def __str__(self) -> str:
        return str(self.name)


class Scale(models.Model):
    """How items are answered: steps, yes/no, a number …"""

    not_scoped_because = SHARED

    version = models.ForeignKey(InstrumentVersion, models.CASCADE, related_name="scales")
    code = models.CharField(_("code"), max_length=CODE_LENGTH)
    kind = models.CharField(_("kind"), max_length=16, choices=ScaleKind.choices)
    minimum = models.SmallIntegerField(_("lowest value"), null=True, blank=True)
    maximum = models.SmallIntegerField(_("highest value"), null=True, blank=True)
    # [{"value": "FIL", "label": {"es": …, "en": …}}, …] for choices and lettered scales
    options = models.JSONField(_("options"), default=list, blank=True)

    class Meta:
        verbose_name = _("scale")
        verbose_name_plural = _("scales")
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="scale_code_once_per_version")
        ]

    def __str__(self) -> str:
        return self.code

    def word(self, step: int) -> str:
        """What a step is called: by the scale itself, else by its kind; "" if by its number."""
        for option in self.options:
            if str(option["value"]) == str(step) and option.get("label"):
                return str(Translated(option["label"]))
        return str(STEP_WORDS.get(ScaleKind(self.kind), {}).get(step, ""))

    def told(self, value: int) -> str:
        """A value as it was chosen: yes or no in words, whatever is counted or graded by number."""
        return self.word(value) if self.kind in STEP_WORDS else str(value)

    def unseen(self) -> Any:
        """What it is called that an observer could not see it; nothing where she cannot say so."""
        named = [
            Translated(each.get("label") or {}) or _("not seen")
            for each in self.options
            if not str(each["value"]).lstrip("-").isdecimal()
        ]
        if self.kind == ScaleKind.YES_NO_UNSEEN:
            return _("not seen")
        return named[0] if named and self.kind == ScaleKind.ORDINAL else ""


class Item(models.Model):
    """One thing to look for."""

    not_scoped_because = SHARED

    version = models.ForeignKey(InstrumentVersion, models.CASCADE, related_name="items")
    domain = models.ForeignKey(Domain, models.CASCADE, related_name="items")
    scale = models.ForeignKey(Scale, models.PROTECT, related_name="items")
    code = models.CharField(_("code"), max_length=CODE_LENGTH)
    order = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("kind"), max_length=8, choices=ItemKind.choices)
    text = TranslatedField(_("text"))
    # {"0": {"es": …, "en": …}, …}: what each step looks like
    anchors = models.JSONField(_("anchors"), default=dict, blank=True)
    # Empty means: in every age group, at every moment.
    age_groups = models.JSONField(_("age groups"), default=list, blank=True)
    moments = models.JSONField(_("moments"), default=list, blank=True)
    # For readers; which items apply follows from the age group of the room.
    age_min_months = models.PositiveSmallIntegerField(_("from, in months"), null=True, blank=True)
    age_max_months = models.PositiveSmallIntegerField(_("to, in months"), null=True, blank=True)
    na_allowed = models.BooleanField(_("may be not applicable"), default=False)
    na_rule = TranslatedField(_("when not applicable"), blank=True)
    note = TranslatedField(_("note"), blank=True)
    weight = models.DecimalField(_("weight"), max_digits=5, decimal_places=2, default=1)
    critical = models.BooleanField(_("critical"), default=False)

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["version", "order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="item_code_once_per_version"),
            models.CheckConstraint(name="item_weight_not_negative", condition=Q(weight__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    @property
    def steps(self) -> list[tuple[str, Translated]]:
        """What each described step looks like, the lowest first."""
        described = sorted(self.anchors.items(), key=lambda each: (len(each[0]), each[0]))
        return [(step, Translated(text)) for step, text in described]

    def told(self, state: str, value: int | None) -> str:
        """A kept answer as it was given."""
        if state == RatingState.NOT_APPLICABLE:
            return str(_("N/A"))
        if value is None:
            return str(self.scale.unseen()) or "–"
        return self.scale.told(value)

    def applies(self, age_group: str, moments: list[str]) -> bool:
        """Whether the item can be seen in a room of ``age_group`` at any of ``moments``."""
        by_age = not self.age_groups or not age_group or age_group in self.age_groups
        by_moment = not self.moments or not moments or bool(set(moments) & set(self.moments))
        return by_age and by_moment
