"""Training clips with master codes, tests taken on them, certificates."""

import datetime
import itertools

from django.utils import timezone

from observation.actions import certificates, clips, rounds
from observation.enums import ClipLevel, ClipMedium, ClipUse, ItemKind, RatingState
from observation.models import Certificate, CodingRound, InstrumentVersion, TrainingClip
from organisations.models import User
from tests.factories import observation

_number = itertools.count(1)
STEPS = {ClipLevel.LOW: (0, 1), ClipLevel.MID: (1, 2), ClipLevel.HIGH: (2, 3)}


def version() -> InstrumentVersion:
    """The one checklist of a test."""
    return InstrumentVersion.objects.filter(instrument__code="checklist", number=1).first() or (
        observation.checklist()
    )


def draft(level: str = ClipLevel.MID, use: str = ClipUse.TEST, alert: str = "") -> TrainingClip:
    """A written scene of play among infants, whose items get two neighbouring codes in turn."""
    clip = TrainingClip(
        code=f"clip-{next(_number)}",
        version=version(),
        title={"es": "Escena", "en": "Scene"},
        medium=ClipMedium.SCENE,
        words={"es": "Pasa algo.", "en": "Something happens."},
        age_group="LA",
        moments=["JUE"],
        level=level,
        use=use,
        consent="Escrita para la prueba.",
    )
    clip = clips.write(clip=clip, by=None)
    items = clip.version.items.filter(kind=ItemKind.SCORED).order_by("order")
    applying = [item for item in items if item.applies("LA", ["JUE"])]
    codes = {
        item.code: {"value": STEPS[level][place % 2], "rationale": {"es": "Se ve.", "en": "Seen."}}
        for place, item in enumerate(applying)
    }
    if alert:
        codes[alert] = {"value": 1, "rationale": {"es": "Ocurre."}}
    return clips.set_codes(clip=clip, codes=codes, by=None)


def clip(**fields) -> TrainingClip:
    """The same, published."""
    return clips.publish(clip=draft(**fields), by=None)


def bank() -> list[TrainingClip]:
    """Two clips of each level, one of them with an alert."""
    levels = [ClipLevel.LOW, ClipLevel.LOW, ClipLevel.MID, ClipLevel.MID, ClipLevel.HIGH]
    return [*(clip(level=level) for level in levels), clip(level=ClipLevel.HIGH, alert="ALE1")]


def answers(clip: TrainingClip, off: int = 0, alerts: list[str] | None = None) -> rounds.Answers:
    """The master codes as an observer's, the first ``off`` of them a step aside."""
    codes = list(clip.master_codes.select_related("item").order_by("item__order"))
    scored = [code for code in codes if code.item.kind == ItemKind.SCORED]
    given = {}
    for place, code in enumerate(scored):
        value = code.value
        if place < off:
            value = value + 1 if value < 3 else value - 1
        given[code.item.code] = {"state": RatingState.SCORED.value, "value": value}
    occurring = [code.item.code for code in codes if code.item.kind == ItemKind.ALERT]
    return {"ratings": given, "alerts": occurring if alerts is None else alerts}


def take(round_: CodingRound, off: int = 0) -> CodingRound:
    """Hand in every clip of a test."""
    for coding in round_.codings.select_related("clip__version").order_by("number"):
        rounds.submit(coding=coding, answers=answers(coding.clip, off), by=round_.observer)
    round_.refresh_from_db()
    return round_


def certificate(observer: User, until: datetime.date, days: int = 365) -> Certificate:
    """A certificate valid until a day, from a test that was passed so many days before it."""
    made = version()
    issued = until - datetime.timedelta(days=days)
    at = timezone.make_aware(datetime.datetime.combine(issued, datetime.time(12)))
    round_ = CodingRound.objects.create(
        observer=observer,
        version=made,
        use=ClipUse.TEST,
        started_at=at,
        finished_at=at,
        passed=True,
        draw={"seed": 1, "frame": [], "clips": []},
        gate={"wait_days": 7, "valid_days": days, "basis": "value"},
        result={"figures": dict.fromkeys(("exact", "kappa", "within_one"), FIGURE)}
        | {"alerts": {"present": 0, "missed": [], "unfounded": 0}, "clips": 0, "gates": []},
    )
    return Certificate.objects.create(
        code=certificates.new_code(),
        round=round_,
        observer=observer,
        version=made,
        issued_on=issued,
        valid_until=until,
    )


FIGURE = {"value": 0.8, "low": 0.7, "high": 0.9, "n": 80, "reason": "", "sufficient": True}
