"""Sessions that phones bring, as the mailroom hands them over: begun and closed in one go."""

import datetime
import uuid
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Max, Min, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.refusals import Refusal
from fieldwork.kinds import Hold, Kind, Record
from observation import policies, queries
from observation.actions import sessions
from observation.enums import (
    InstrumentKind,
    Passable,
    Purpose,
    RatingState,
    SessionStatus,
    VersionStatus,
)
from observation.models import InstrumentVersion, ObservationSession, SessionPicture
from observation.serializers import field_sessions
from observation.serializers.field_sessions import FieldSession
from organisations.models import Unit, User

# Two records of one visit begin close together; two visits to one caregiver on a day do not.
APART = datetime.timedelta(hours=1)


def take_in(record: Record, overrides: Collection[str]) -> None:
    """Close the session of ``record`` under its own id; ``Hold`` where a person must decide."""
    said = field_sessions.read(record.content)
    room = _room(said, record.by, overrides)
    if Passable.SECOND not in overrides:
        _is_the_first(record.id, said, room, record.by)
    session = _begin(record, said, room, record.id, overrides)
    _close(session, said, record.by, overrides)


def replace(rival: uuid.UUID, record: Record, reason: str, by: User) -> None:
    """Close the session of ``record`` as the correction of the session ``rival``."""
    overrides = Passable.values
    said = field_sessions.read(record.content)
    room = _room(said, record.by, overrides)
    first = ObservationSession.objects.select_for_update(of=("self",)).get(pk=rival)
    while later := ObservationSession.objects.filter(supersedes=first).first():
        if later.status != SessionStatus.CLOSED:
            raise Refusal(_("A correction of the other session is under way. Ask for its end."))
        first = later
    if not first.unit.visible_to(by, "fieldwork.settle"):
        raise Refusal(_("The other session is of a place that you do not coordinate."))
    policies.may_be_corrected(first, reason)
    free = not ObservationSession.objects.filter(pk=record.id).exists()
    id = record.id if free else uuid.uuid5(record.id, record.canonical_hash)  # noqa: A001 — its name everywhere
    session = _begin(record, said, room, id, overrides)
    session.supersedes, session.reason = first, reason.strip()
    session.save(update_fields=["supersedes", "reason"])
    _close(session, said, record.by, overrides)


def place(content: dict[str, Any]) -> Unit | None:
    """The room that a checked content names."""
    return Unit.objects.filter(code=content["room"]).first()


def check(content: dict[str, Any]) -> None:
    field_sessions.read(content)


def readable(content: dict[str, Any]) -> list[tuple[str, str]]:
    """What an observer said, in words; items by their codes."""
    said = field_sessions.read(content)
    rows = [
        (_("Room"), said.room),
        (_("Caregiver"), str(_known(said) or "–")),
        (_("Purpose"), str(Purpose(said.purpose).label)),
        (_("Day"), date_format(said.observed_on, "SHORT_DATE_FORMAT")),
        (_("Age group"), said.age_group or "–"),
        (_("Instrument"), f"{said.instrument.code} {said.instrument.version}"),
        (_("Appointment"), said.appointment or "–"),
    ]
    for cycle in said.cycles:
        rows += [(f"{cycle.number} · {name}", text) for name, text in _cycle_rows(cycle)]
    for picture in said.pictures:
        rows.append((_("Picture"), f"{picture.shows} ({picture.agreed_by})"))
    return rows


def _cycle_rows(cycle: field_sessions.FieldCycle) -> Iterator[tuple[str, str]]:
    yield _("Moments"), ", ".join(cycle.moments) or "–"
    yield _("From"), str(cycle.started_at or "–")
    yield _("To"), str(cycle.ended_at or "–")
    if cycle.minutes_reason:
        yield _("Why longer or shorter than planned"), cycle.minutes_reason
    for code, value in cycle.context.items():
        yield code, str(value)
    for begun, ended in cycle.pauses:
        yield _("Pause"), f"{begun}-{ended}"
    for note in cycle.notes:
        yield _("Note"), f"{note.at} {note.item} {note.text}"
    for code, answer in cycle.ratings.items():
        words = str(RatingState(answer.state).label) if answer.value is None else str(answer.value)
        yield code, f"{words} {answer.note}".strip()


def _room(said: FieldSession, by: User, overrides: Collection[str]) -> Unit:
    """The room, held fast: two records of one visit at the same moment must see each other."""
    room = Unit.objects.select_for_update(no_key=True).filter(code=said.room).first()
    if room is None:
        raise Hold(
            "unknown_room", _("There is no room with the code “%(code)s”.") % {"code": said.room}
        )
    if Passable.JURISDICTION not in overrides:
        try:
            policies.observer_may_record(by, room)
        except Refusal as refusal:
            raise Hold(Passable.JURISDICTION, str(refusal)) from refusal
    return room


def _version(said: FieldSession, overrides: Collection[str]) -> InstrumentVersion:
    pinned = said.instrument
    version = (
        InstrumentVersion.objects.exclude(status=VersionStatus.DRAFT)
        .filter(
            instrument__code=pinned.code,
            instrument__kind=InstrumentKind.CHECKLIST,
            number=pinned.version,
        )
        .first()
    )
    name = f"{pinned.code} {pinned.version}"
    if version is None:
        raise Hold(
            "unknown_version",
            _("No version “%(version)s” was published here.") % {"version": name},
        )
    if version.content_hash != pinned.hash:
        raise Hold(
            "version_differs",
            _("The phone has another content of “%(version)s” than the one that was published.")
            % {"version": name},
        )
    if version.status == VersionStatus.RETIRED and Passable.RETIRED not in overrides:
        raise Hold(
            Passable.RETIRED,
            _("“%(version)s” was retired before this session arrived. It was observed on %(day)s.")
            % {"version": version, "day": date_format(said.observed_on, "SHORT_DATE_FORMAT")},
        )
    return version


def _known(said: FieldSession) -> User | None:
    return User.objects.filter(pk=said.caregiver or 0).first()


def _caregiver(said: FieldSession) -> User | None:
    found = _known(said)
    if found is None and said.caregiver is not None:
        raise Hold("unknown_caregiver", _("Nobody has the number of the caregiver."))
    return found


def _is_the_first(id: uuid.UUID, said: FieldSession, room: Unit, by: User) -> None:  # noqa: A002 — the client's name for it
    """Hold a second session for one appointment, or of what must be the same visit."""
    others = queries.of_the_programme(queries.current(ObservationSession.objects.exclude(pk=id)))
    if said.appointment:
        other = others.filter(appointment=said.appointment).first()
    else:
        other = _same_visit(others, said, room, by)
    if other is not None:
        raise Hold(
            Passable.SECOND,
            _("There is a session of %(observer)s for the same visit, of %(day)s, already.")
            % {
                "observer": other.observer,
                "day": date_format(other.observed_on or said.observed_on, "SHORT_DATE_FORMAT"),
            },
            rival=other.pk,
        )


def _same_visit(
    others: QuerySet[ObservationSession], said: FieldSession, room: Unit, by: User
) -> ObservationSession | None:
    """Same observer, room, caregiver, day and instrument, at overlapping or neighbouring times.

    Another caregiver is another visit, even right after. Without times nobody can tell: held.
    """
    alike = others.filter(
        unit=room,
        observer=by,
        caregiver=said.caregiver,
        observed_on=said.observed_on,
        version__instrument__code=said.instrument.code,
    ).annotate(begun=Min("cycles__started_at"), ended=Max("cycles__ended_at"))
    for other in alike.select_related("observer"):
        if said.span is None or other.begun is None or other.ended is None:
            return other
        begun, ended = (_seconds(moment) for moment in said.span)
        overlap = begun <= _seconds(other.ended) and _seconds(other.begun) <= ended
        if overlap or abs(begun - _seconds(other.begun)) < APART.total_seconds():
            return other
    return None


def _seconds(moment: datetime.time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _begin(
    record: Record,
    said: FieldSession,
    room: Unit,
    id: uuid.UUID,  # noqa: A002 — the client's name for it
    overrides: Collection[str],
) -> ObservationSession:
    session = sessions.begin(
        room=room,
        caregiver=_caregiver(said),
        by=record.by,
        observed_on=said.observed_on,
        version=_version(said, overrides),
        purpose=said.purpose,
        id=id,
        appointment=said.appointment,
        waive=overrides,
    )
    if session.status == SessionStatus.DRAFT:
        # Which items applied is what the observer saw on her phone, whatever the room is today.
        session.age_group = said.age_group
        session.save(update_fields=["age_group"])
        SessionPicture.objects.bulk_create(
            SessionPicture(session=session, number=number, **picture.model_dump())
            for number, picture in enumerate(said.pictures, start=1)
        )
    return session


def _close(
    session: ObservationSession, said: FieldSession, by: User, overrides: Collection[str]
) -> None:
    sessions.close(
        session=session,
        by=by,
        cycles=said.entries(),
        leave_missing=said.leave_missing,
        waive=overrides,
    )


def _address(id: uuid.UUID) -> str:  # noqa: A002 — the client's name for it
    return reverse("observation:session_detail", args=[id])


KIND = Kind(
    name="observation.session",
    label=gettext_lazy("observation session"),
    sent_with="observation.record",
    check=check,
    handle=take_in,
    place=place,
    replace=replace,
    passable=dict(Passable.choices),
    readable=readable,
    address=_address,
)
