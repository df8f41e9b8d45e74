"""The least valid mentoring cycles, in any state, and the sessions that move them."""

import datetime
import itertools
from dataclasses import dataclass

from django.utils import timezone

from mentoring.actions import cycles
from mentoring.enums import CycleStatus, StepKind
from mentoring.models import MentoringCycle
from observation.enums import (
    InstrumentKind,
    ItemKind,
    RatingState,
    ScaleKind,
    SessionStatus,
)
from observation.models import (
    Cycle,
    Domain,
    Instrument,
    InstrumentVersion,
    Item,
    ObservationSession,
    Rating,
    Scale,
)
from organisations.models import Unit, User
from tests.factories import organisations as make

_number = itertools.count(1)


@dataclass(frozen=True)
class Pair:
    """A mentor and a caregiver of one room."""

    room: Unit
    mentor: User
    caregiver: User


def pair(region: make.Region, room: int = 0) -> Pair:
    here = region.rooms[room]
    return Pair(here, make.person("mentor", region.centre), make.person("caregiver", here))


def another(who: Pair) -> Pair:
    """A second caregiver of the same room and mentor."""
    return Pair(who.room, who.mentor, make.person("caregiver", who.room))


def checklist() -> InstrumentVersion:
    """A published version with three scored items and one alert."""
    n = next(_number)
    instrument = Instrument.objects.create(
        code=f"checklist-{n}", kind=InstrumentKind.CHECKLIST, name={"es": "Lista", "en": "List"}
    )
    version = InstrumentVersion.objects.create(instrument=instrument, number=1)
    domain = Domain.objects.create(
        version=version, code="CAL", order=1, name={"es": "Calidez", "en": "Warmth"}
    )
    scale = Scale.objects.create(
        version=version, code="F", kind=ScaleKind.ORDINAL, minimum=0, maximum=3
    )
    kinds = [ItemKind.SCORED, ItemKind.SCORED, ItemKind.SCORED, ItemKind.ALERT]
    for order, kind in enumerate(kinds, start=1):
        Item.objects.create(
            version=version,
            domain=domain,
            scale=scale,
            code=f"CAL{order}",
            order=order,
            kind=kind,
            text={"es": f"Hace algo {order}", "en": f"Does something {order}"},
        )
    version.status = "published"
    version.published_at = timezone.now()
    version.content_hash = "0" * 64
    version.save()
    return version


def session(
    who: Pair,
    on: datetime.date | None = None,
    *,
    version: InstrumentVersion | None = None,
    values: tuple[int, ...] = (3, 1, 2),
    **fields,
) -> ObservationSession:
    """A closed formative session of the pair, with one cycle in which items got ``values``."""
    closed = {
        "status": SessionStatus.CLOSED,
        "closed_at": timezone.now(),
        "content_hash": "1" * 64,
    }
    defaults = {
        "unit": who.room,
        "observer": who.mentor,
        "caregiver": who.caregiver,
        "version": version or checklist(),
        "observed_on": on or timezone.localdate(),
    }
    made = ObservationSession.objects.create(**(defaults | fields))
    cycle = Cycle.objects.create(session=made, number=1)
    items = made.version.items.filter(kind=ItemKind.SCORED).order_by("order")
    Rating.objects.bulk_create(
        Rating(cycle=cycle, item=item, state=RatingState.SCORED, value=value)
        for item, value in zip(items, values, strict=False)
    )
    if "status" not in fields:
        ObservationSession.objects.filter(pk=made.pk).update(**closed)
        made.refresh_from_db()
    return made


def days_ago(days: int) -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days)


def cycle(who: Pair, state: str = CycleStatus.PREPARE, opened: int = 20) -> MentoringCycle:
    """A cycle opened ``opened`` days ago and brought to ``state`` by the actions themselves."""
    made = cycles.open(room=who.room, caregiver=who.caregiver, by=who.mentor, on=days_ago(opened))
    if state == CycleStatus.CANCELLED:
        return cycles.cancel(cycle=made, reason="La sala cerró", by=who.mentor)
    version = checklist()

    def report(kind: str) -> None:
        cycles.complete_step(cycle=made, kind=kind, on=days_ago(opened), minutes=15, by=who.mentor)

    def observe() -> None:
        cycles.attach_session(session(who, days_ago(opened), version=version).pk)

    def agree() -> None:
        item = version.items.get(code="CAL2")
        cycles.agree_goal(
            cycle=made, item=item, text="Saludar por su nombre", by=who.mentor, on=days_ago(opened)
        )
        cycles.accept_goal(cycle=made, by=who.caregiver)

    moves = {
        CycleStatus.PREPARE: lambda: report(StepKind.PREPARE),
        CycleStatus.OBSERVE: observe,
        CycleStatus.REFLECT: lambda: report(StepKind.REFLECT),
        CycleStatus.AGREE: agree,
        CycleStatus.PRACTISE: lambda: report(StepKind.PRACTISE),
        CycleStatus.OBSERVE_AGAIN: observe,
    }
    for standing, move in moves.items():
        if standing == state:
            break
        move()
    made.refresh_from_db()
    return made
