import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import TranslatedField
from observation.models import InstrumentVersion, Item
from organisations.jurisdiction import Scoped
from organisations.models import Unit
from visits.enums import Answer, Severity

SHOWN_BY_LENGTH = 40


class GuideItem(models.Model):
    """What a guide's item means for a visit: where, how grave a “no” is, days to fix it."""

    not_scoped_because = "the guide is the same for everyone"

    item = models.OneToOneField(Item, models.CASCADE, related_name="guide_item")
    stop = models.PositiveSmallIntegerField(_("stop of the walk"))
    in_safety_index = models.BooleanField(_("counts in the safety index"), default=False)
    severity = models.CharField(_("severity"), max_length=6, choices=Severity.choices, blank=True)
    days_to_fix = models.PositiveSmallIntegerField(_("days to fix"), null=True, blank=True)
    evidence_prompt = TranslatedField(_("what to ask to see"), blank=True)
    shown_by = models.CharField(_("shown by"), max_length=SHOWN_BY_LENGTH, blank=True)

    class Meta:
        verbose_name = _("guide item")
        verbose_name_plural = _("guide items")
        constraints = [
            models.CheckConstraint(
                name="guideitem_severity_with_days_to_fix",
                condition=Q(severity="", days_to_fix=None)
                | (~Q(severity="") & Q(days_to_fix__gte=1)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.item)


class PublicRule(models.Model):
    """From how many parents on results may be public; one row that a programme may change.

    Published practice runs from 5 to 30 respondents.
    """

    not_scoped_because = "the programme's default, the same for everyone"

    minimum_parents = models.PositiveSmallIntegerField(_("parents at least for a public result"))

    class Meta:
        verbose_name = _("rule of publication")
        verbose_name_plural = _("rules of publication")
        constraints = [models.CheckConstraint(name="publicrule_is_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(self.minimum_parents)


class Visit(Scoped):
    """Parents walk a centre with a guide on one day."""

    jurisdiction_path = "centre"

    centre = models.ForeignKey(
        Unit, models.PROTECT, related_name="visits", verbose_name=_("centre")
    )
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="visits")
    code = models.SlugField(_("code"), max_length=64, unique=True)
    visited_on = models.DateField(_("day"))
    invited = models.PositiveSmallIntegerField(_("invited"), null=True, blank=True)
    accepted = models.PositiveSmallIntegerField(_("accepted"), null=True, blank=True)
    confirmed = models.PositiveSmallIntegerField(_("confirmed"), null=True, blank=True)
    attended = models.PositiveSmallIntegerField(_("attended"), null=True, blank=True)

    class Meta:
        verbose_name = _("parent visit")
        verbose_name_plural = _("parent visits")
        ordering = ["-visited_on", "code"]
        constraints = [
            models.CheckConstraint(
                name="visit_accepted_among_invited",
                condition=Q(invited__isnull=True)
                | Q(accepted__isnull=True)
                | Q(accepted__lte=F("invited")),
            ),
            models.CheckConstraint(
                name="visit_confirmed_among_accepted",
                condition=Q(accepted__isnull=True)
                | Q(confirmed__isnull=True)
                | Q(confirmed__lte=F("accepted")),
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "visited_on"]),
            models.Index(fields=["-visited_on", "code"]),
        ]

    def __str__(self) -> str:
        return f"{self.centre} · {self.visited_on}"


class GuideResponse(Scoped):
    """One parent's guide: answers of a person who stays unnamed. Never changed once received."""

    jurisdiction_path = "visit__centre"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="responses")
    # A number within the visit ("3"), never a name
    parent = models.CharField(_("parent"), max_length=20)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    content_hash = models.CharField(_("hash of the content"), max_length=64)

    class Meta:
        verbose_name = _("parent's guide")
        verbose_name_plural = _("parents' guides")
        constraints = [
            models.UniqueConstraint(fields=["visit", "parent"], name="response_once_per_parent")
        ]

    def __str__(self) -> str:
        return f"{self.visit} · {self.parent}"


class GuideAnswer(Scoped):
    """What one parent saw for one item."""

    jurisdiction_path = "response__visit__centre"

    response = models.ForeignKey(GuideResponse, models.PROTECT, related_name="answers")
    item = models.ForeignKey(Item, models.PROTECT, related_name="guide_answers")
    value = models.CharField(_("answer"), max_length=8, choices=Answer.choices, blank=True)
    # A step of a scale, or the first of two counts
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    second_number = models.PositiveSmallIntegerField(_("second number"), null=True, blank=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["response", "item"], name="answer_once_per_item"),
            models.CheckConstraint(
                name="answer_is_a_word_or_a_number",
                condition=(~Q(value="") & Q(number=None, second_number=None))
                | Q(value="", number__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.value}"


class Finding(Scoped):
    """An item to which at least one parent of a visit said no."""

    jurisdiction_path = "visit__centre"

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="findings")
    item = models.ForeignKey(Item, models.PROTECT, related_name="findings")
    said_no = models.PositiveSmallIntegerField(_("parents who said no"))
    said_yes = models.PositiveSmallIntegerField(_("parents who said yes"))
    severity = models.CharField(_("severity"), max_length=6, choices=Severity.choices)
    due_on = models.DateField(_("to be fixed by"))
    raised_at = models.DateTimeField(_("raised"), auto_now_add=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "item"], name="finding_once_per_visit_and_item"
            ),
            models.CheckConstraint(name="finding_somebody_said_no", condition=Q(said_no__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.item.code} · {self.visit}"
