import datetime
import uuid
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from observation.enums import ClipUse, RatingState, VerdictBasis
from observation.models.clips import TrainingClip
from observation.models.instruments import Instrument, InstrumentVersion, Item

PERSON = "it follows the person; queries.certification reads who answers for her from her posts"
SHARE = [MinValueValidator(0.0), MaxValueValidator(1.0)]


def reminders() -> list[int]:
    return [60, 30, 7]


class CertificationGate(models.Model):
    """What a test asks for, by instrument; a programme may change every number of it."""

    not_scoped_because = "the programme's thresholds, the same for everyone"

    instrument = models.OneToOneField(
        Instrument, models.CASCADE, related_name="certification_gate", verbose_name=_("instrument")
    )
    clips = models.PositiveSmallIntegerField(
        _("clips of a test"), default=5, validators=[MinValueValidator(3), MaxValueValidator(30)]
    )
    exact = models.FloatField(_("exact agreement at least"), default=0.65, validators=SHARE)
    kappa = models.FloatField(_("quadratic kappa at least"), default=0.60, validators=SHARE)
    within_one = models.FloatField(
        _("agreement within one point at least"), default=0.95, validators=SHARE
    )
    alerts_missed = models.PositiveSmallIntegerField(_("alerts missed at most"), default=0)
    basis = models.CharField(
        _("what is held against the gates"),
        max_length=5,
        choices=VerdictBasis.choices,
        default=VerdictBasis.VALUE,
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes for the whole test"),
        null=True,
        blank=True,
        validators=[MinValueValidator(10)],
        help_text=_("Empty: no limit."),
    )
    valid_days = models.PositiveSmallIntegerField(
        _("days that a certificate is valid"), default=365, validators=[MinValueValidator(1)]
    )
    wait_days = models.PositiveSmallIntegerField(_("days until a test may be repeated"), default=7)
    reminder_days = models.JSONField(_("days before the end at which to remind"), default=reminders)
    each_version = models.BooleanField(
        _("a new version of the instrument needs a new certificate"), default=False
    )

    class Meta:
        verbose_name = _("certification gate")
        verbose_name_plural = _("certification gates")
        constraints = [
            models.CheckConstraint(
                name="certificationgate_shares_are_shares",
                condition=Q(exact__range=(0, 1), kappa__range=(0, 1), within_one__range=(0, 1)),
            )
        ]

    def __str__(self) -> str:
        return str(self.instrument)

    def values(self) -> dict[str, Any]:
        """The numbers as a test keeps them, ready for JSON."""
        names = [field.name for field in self._meta.concrete_fields[2:]]
        return {name: getattr(self, name) for name in names}


class CodingRound(models.Model):
    """One practice, or one test with the clips that were drawn for it; fixed once finished."""

    not_scoped_because = PERSON

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    observer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="coding_rounds",
        verbose_name=_("observer"),
    )
    version = models.ForeignKey(
        InstrumentVersion,
        models.PROTECT,
        related_name="coding_rounds",
        verbose_name=_("instrument"),
    )
    use = models.CharField(_("kind"), max_length=8, choices=ClipUse.choices)
    # {"seed": 17, "frame": [{"code", "hash", "level", "alerts", "seen"}, …], "clips": [code, …]}
    draw = models.JSONField(_("draw"), default=dict)
    # The numbers of the gate as they were when the test began
    gate = models.JSONField(_("gate"), default=dict)
    started_at = models.DateTimeField(_("begun"), default=timezone.now)
    deadline = models.DateTimeField(_("until"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    # See actions.verdicts
    result = models.JSONField(_("result"), default=dict)
    passed = models.BooleanField(_("passed"), null=True)

    class Meta:
        verbose_name = _("coding round")
        verbose_name_plural = _("coding rounds")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["observer", "version"],
                condition=Q(use=ClipUse.TEST, finished_at=None),
                name="codinground_one_open_test",
            ),
            models.CheckConstraint(
                name="codinground_verdict_of_a_finished_test",
                condition=Q(use=ClipUse.PRACTICE, passed=None)
                | Q(use=ClipUse.TEST, finished_at=None, passed=None)
                | Q(use=ClipUse.TEST, finished_at__isnull=False, passed__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["observer", "use", "finished_at"])]

    def __str__(self) -> str:
        return f"{self.get_use_display()} · {self.started_at:%Y-%m-%d}"

    @property
    def finished_on(self) -> datetime.date | None:
        """The day on which it ended, in the programme's time zone."""
        return timezone.localdate(self.finished_at) if self.finished_at else None


class ClipCoding(models.Model):
    """One clip within a round; its codes come all at once and stay."""

    not_scoped_because = PERSON

    round = models.ForeignKey(CodingRound, models.CASCADE, related_name="codings")
    clip = models.ForeignKey(TrainingClip, models.PROTECT, related_name="codings")
    number = models.PositiveSmallIntegerField(_("place in the round"))
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)

    class Meta:
        verbose_name = _("coded clip")
        verbose_name_plural = _("coded clips")
        ordering = ["round", "number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "clip"], name="clipcoding_clip_once"),
            models.UniqueConstraint(fields=["round", "number"], name="clipcoding_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} · {self.number}"


class ClipCode(models.Model):
    """What an observer gave an item of a clip; of an alert, that she marked it."""

    not_scoped_because = PERSON

    coding = models.ForeignKey(ClipCoding, models.CASCADE, related_name="codes")
    item = models.ForeignKey(Item, models.PROTECT, related_name="clip_codes")
    state = models.CharField(_("state"), max_length=8, choices=RatingState.choices)
    value = models.SmallIntegerField(_("value"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("code of a clip")
        verbose_name_plural = _("codes of clips")
        constraints = [
            models.UniqueConstraint(
                fields=["coding", "item"], name="clipcode_once_per_coding_and_item"
            ),
            models.CheckConstraint(
                name="clipcode_has_value_exactly_when_scored",
                condition=Q(state=RatingState.SCORED, value__isnull=False)
                | Q(state=RatingState.NOT_APPLICABLE, value__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.value if self.value is not None else self.state}"


class Certificate(models.Model):
    """A passed test certifies an observer from a day to a day, both counted. Never changed."""

    not_scoped_because = PERSON

    # In the public address: long enough that nobody finds one by trying
    code = models.CharField(_("code"), max_length=16, unique=True)
    round = models.OneToOneField(CodingRound, models.PROTECT, related_name="certificate")
    observer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="observer_certificates",
        verbose_name=_("observer"),
    )
    version = models.ForeignKey(
        InstrumentVersion,
        models.PROTECT,
        related_name="certificates",
        verbose_name=_("instrument"),
    )
    issued_on = models.DateField(_("issued"))
    valid_until = models.DateField(_("valid until"))

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-valid_until", "-id"]
        constraints = [
            models.CheckConstraint(
                name="certificate_ends_after_it_begins",
                condition=Q(valid_until__gte=F("issued_on")),
            )
        ]
        indexes = [models.Index(fields=["observer", "valid_until"])]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it by: "2026-000017"."""
        return f"{self.issued_on:%Y}-{self.pk:06d}"


class CertificateRevocation(models.Model):
    """Takes a certificate back from a day on, with the reason. Never changed."""

    not_scoped_because = PERSON

    certificate = models.OneToOneField(Certificate, models.PROTECT, related_name="revocation")
    since = models.DateField(_("not valid from"))
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    revoked_at = models.DateTimeField(_("revoked"), auto_now_add=True)

    class Meta:
        verbose_name = _("revocation")
        verbose_name_plural = _("revocations")
        constraints = [
            models.CheckConstraint(name="revocation_has_reason", condition=~Q(reason=""))
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} · {self.since}"


class CertificateReminder(models.Model):
    """That somebody was told, so many days before, that a certificate ends."""

    not_scoped_because = PERSON

    certificate = models.ForeignKey(Certificate, models.CASCADE, related_name="reminders")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    days_before = models.PositiveSmallIntegerField(_("days before"))
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "recipient", "days_before"], name="reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} · {self.days_before}"
