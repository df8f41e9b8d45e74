"""The cycles of a session and what was answered in them: written, compared, made final."""

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from core.refusals import Refusal
from observation import policies, queries
from observation.actions import alerts
from observation.enums import ItemKind, Moment, RatingState
from observation.models import Cycle, Item, ObservationSession, Rating
from observation.policies import MOST_CYCLES, UNANSWERED, Answer, CycleSheet

NOTE_LENGTH = 500
LATER = ("pauses", "notes")
RATED = ("state", "value", "note", "marks")
Final = Mapping[int, Mapping[str, Answer]]


class RatingEntry(TypedDict, total=False):
    state: str
    value: int | None
    note: str
    marks: list[int | None]


class CycleEntry(TypedDict, total=False):
    """What a client says of one cycle; ``number`` is needed, the rest only where it changes.

    ``ratings``: by item code, None takes an answer back; with ``marks`` (1, 0 or None, one per
    look) the state is scored and the value the number of 1s, or missing while a look has None.
    ``alerts``: by item code, what happened ("" while not described yet).
    """

    number: int
    moments: list[str]
    started_at: datetime.time | None
    ended_at: datetime.time | None
    minutes_reason: str
    context: dict[str, Any]
    pauses: list[list[str]]
    notes: list[dict[str, str]]
    ratings: dict[str, RatingEntry | None]
    alerts: dict[str, str]


def write(session: ObservationSession, entries: Iterable[CycleEntry], *, by) -> None:
    """Keep ``entries`` in the draft ``session``; a cycle left wholly empty is taken out."""
    items = {item.code: item for item in session.version.items.select_related("scale")}
    with transaction.atomic():
        for entry in entries:
            _check_cycle(entry)
            cycle, _new = Cycle.objects.get_or_create(session=session, number=entry["number"])
            _apply(cycle, entry)
            cycle.save()
            _write_ratings(cycle, entry.get("ratings", {}), items)
            alerts.raise_alerts(session, entry["number"], entry.get("alerts", {}), items, by=by)
            blank = not (cycle.moments or cycle.started_at or cycle.ended_at or cycle.context)
            if blank and not cycle.ratings.exists():
                cycle.delete()


def sheets(session: ObservationSession) -> list[CycleSheet]:
    """The cycles of ``session`` in order, each with its answers by item code."""
    rows = session.cycles.order_by("number").prefetch_related("ratings__item")
    return [
        CycleSheet(
            cycle,
            {
                rating.item.code: Answer(
                    rating.state, rating.value, rating.note, tuple(rating.marks)
                )
                for rating in cycle.ratings.all()
            },
        )
        for cycle in rows
    ]


def final(sheet: CycleSheet, scored: Iterable[Item], age_group: str) -> dict[str, Answer]:
    """The answer to every scored item: automatic N/A where it does not apply, else missing."""
    automatic = Answer(RatingState.NOT_APPLICABLE.value)
    return {
        item.code: sheet.ratings.get(item.code, UNANSWERED)
        if item.applies(age_group, sheet.cycle.moments)
        else automatic
        for item in scored
    }


def store(sheets: Iterable[CycleSheet], answers: Final, scored: Iterable[Item]) -> None:
    """Write the final answers of each cycle over those of the draft."""
    items = {item.code: item for item in scored}
    Rating.objects.bulk_create(
        [
            Rating(cycle=sheet.cycle, item=items[code], **_fields(answer))
            for sheet in sheets
            for code, answer in answers[sheet.cycle.number].items()
        ],
        update_conflicts=True,
        unique_fields=["cycle", "item"],
        update_fields=RATED,
    )


def answered(ratings: Iterable[Rating]) -> list[Rating]:
    """What a correction takes over: what the observer said, not what closing filled in."""
    return [
        rating
        for rating in ratings
        if rating.state == RatingState.SCORED
        or rating.marks
        or (rating.state == RatingState.NOT_APPLICABLE and rating.note)
        or (rating.state == RatingState.MISSING and rating.item.scale.unseen())
    ]


def content_hash(session: ObservationSession, sheets: Iterable[CycleSheet], answers: Final) -> str:
    """SHA-256 of all that a closed session says, as canonical JSON.

    Alerts stay out: whoever knows the ratings could tell from the hash that there is one.
    """
    content = {
        "unit": session.unit.code,
        "version": session.version.content_hash,
        "observer": session.observer_id,
        "caregiver": session.caregiver_id,
        "observed_on": session.observed_on,
        "purpose": session.purpose,
        "age_group": session.age_group,
        "supersedes": session.supersedes_id,
        "cycles": [
            {
                "number": sheet.cycle.number,
                "moments": sorted(sheet.cycle.moments),
                "from": sheet.cycle.started_at,
                "to": sheet.cycle.ended_at,
                "minutes_reason": sheet.cycle.minutes_reason,
                "context": sheet.cycle.context,
                "ratings": {
                    code: _said(answer) for code, answer in answers[sheet.cycle.number].items()
                },
                # These came later: left out where empty, so that older hashes still hold.
                **{name: kept for name in LATER if (kept := getattr(sheet.cycle, name))},
            }
            for sheet in sheets
        ],
    }
    if session.appointment:
        content["appointment"] = session.appointment
    text = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str
    )
    return hashlib.sha256(text.encode()).hexdigest()


def same(session: ObservationSession, entries: Iterable[CycleEntry], scored: list[Item]) -> bool:
    """Whether ``entries`` say what the closed ``session`` says, alerts included."""
    given = sorted(entries, key=lambda entry: entry["number"])
    sheets = []
    for entry in given:
        cycle = Cycle(session=session, number=entry["number"])
        _apply(cycle, entry)
        ratings = {
            code: _answer(answer)
            for code, answer in entry.get("ratings", {}).items()
            if answer is not None
        }
        sheets.append(CycleSheet(cycle, ratings))
    answers = {sheet.cycle.number: final(sheet, scored, session.age_group) for sheet in sheets}
    marked = {
        (entry["number"], code, text.strip())
        for entry in given
        for code, text in entry.get("alerts", {}).items()
    }
    raised = queries.alerts_of(session.pk)
    known = set(raised.values_list("cycle_number", "item__code", "description"))
    return content_hash(session, sheets, answers) == session.content_hash and marked <= known


def _fields(answer: Answer) -> dict[str, Any]:
    """As the columns of a rating."""
    return answer._asdict() | {"marks": list(answer.marks)}


def _said(answer: Answer) -> tuple:
    """As it enters the hash: marks came later and stand there only where there are some."""
    return tuple(answer) if answer.marks else answer[:3]


def _check_cycle(entry: CycleEntry) -> None:
    if not 1 <= entry["number"] <= MOST_CYCLES:
        raise Refusal(_("A session has at most %(n)s cycles.") % {"n": MOST_CYCLES})
    if unknown := set(entry.get("moments", [])) - set(Moment.values):
        raise Refusal(_("Unknown moment: %(codes)s.") % {"codes": ", ".join(sorted(unknown))})


def _apply(cycle: Cycle, entry: CycleEntry) -> None:
    for name in ("started_at", "ended_at"):
        if name in entry:
            setattr(cycle, name, entry[name])
    if "moments" in entry:
        cycle.moments = [code for code in Moment.values if code in entry["moments"]]
    cycle.minutes_reason = entry.get("minutes_reason", cycle.minutes_reason).strip()
    cycle.pauses = entry.get("pauses", cycle.pauses)
    cycle.notes = entry.get("notes", cycle.notes)
    cycle.context = {**cycle.context, **entry.get("context", {})}
    cycle.context = {code: value for code, value in cycle.context.items() if value is not None}
    if cycle.started_at and cycle.ended_at and cycle.ended_at <= cycle.started_at:
        raise Refusal(_("Cycle %(n)s ends before it begins.") % {"n": cycle.number})


def _write_ratings(
    cycle: Cycle, entries: Mapping[str, RatingEntry | None], items: Mapping[str, Item]
) -> None:
    rows, gone = [], []
    for code, entry in entries.items():
        item = items.get(code)
        if item is None or item.kind != ItemKind.SCORED:
            raise Refusal(_("“%(code)s” is not a scored item.") % {"code": code})
        if entry is None:
            gone.append(item.pk)
            continue
        answer = _answer(entry)
        if answer.state == RatingState.SCORED:
            policies.value_fits(item, answer.value)
        elif answer.state not in RatingState.values or answer.value is not None:
            raise Refusal(_("%(code)s: the answer cannot be read.") % {"code": code})
        policies.marks_fit(item, answer.state, answer.value, answer.marks)
        rows.append(Rating(cycle=cycle, item=item, **_fields(answer)))
    cycle.ratings.filter(item__in=gone).delete()
    Rating.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["cycle", "item"],
        update_fields=RATED,
    )


def _answer(entry: RatingEntry) -> Answer:
    note = entry.get("note", "").strip()[:NOTE_LENGTH]
    marks = tuple(entry.get("marks") or ())
    return Answer(entry.get("state", ""), entry.get("value"), note, marks)
