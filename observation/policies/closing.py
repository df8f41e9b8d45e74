"""What must hold for a session to close; what it leaves unanswered."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.refusals import Refusal
from observation.enums import (
    CARE_ROUTINES,
    PLAY_OR_ACTIVITY,
    InstrumentKind,
    ItemKind,
    RatingState,
)
from observation.models import Cycle, InstrumentVersion, Item
from observation.policies.draft import marks_fit, not_applicable_is_allowed, value_fits


class Answer(NamedTuple):
    """What was given to an item in a cycle; ``marks``: of each look, 1, 0 or None."""

    state: str
    value: int | None = None
    note: str = ""
    marks: tuple[int | None, ...] = ()


UNANSWERED = Answer(RatingState.MISSING.value)


@dataclass
class CycleSheet:
    """One cycle as it stands: its row and the answers by item code."""

    cycle: Cycle
    ratings: dict[str, Answer] = field(default_factory=dict)


def may_be_closed(
    version: InstrumentVersion,
    sheets: Collection[CycleSheet],
    items: Collection[Item],
    age_group: str,
) -> None:
    """Every rule about cycles and ratings; the first that says no speaks."""
    for rule in _rules(version, sheets, items, age_group):
        rule()


def obstacles(
    version: InstrumentVersion,
    sheets: Collection[CycleSheet],
    items: Collection[Item],
    age_group: str,
) -> Iterator[str]:
    """All that stands between the session and ``may_be_closed``, a sentence each."""
    for rule in _rules(version, sheets, items, age_group):
        try:
            rule()
        except Refusal as refusal:
            yield str(refusal)


def _rules(
    version: InstrumentVersion,
    sheets: Collection[CycleSheet],
    items: Collection[Item],
    age_group: str,
) -> Iterator[Callable[[], None]]:
    """The rules for this session, in the order in which a person would mend what they refuse."""
    cycles = [sheet.cycle for sheet in sheets]
    yield partial(has_enough_cycles, version, cycles)
    for cycle in cycles:
        if version.moments_asked:
            yield partial(has_moments, cycle)
        yield partial(lasts_long_enough, version, cycle)
    asks_for_both = version.moments_asked and version.routine_and_play
    if asks_for_both and version.instrument.kind == InstrumentKind.CHECKLIST:
        yield partial(has_routine_and_play, cycles)
    for sheet in sheets:
        yield partial(has_answers, sheet, items)
        for item in items:
            answer = sheet.ratings.get(item.code, UNANSWERED)
            if not item.applies(age_group, sheet.cycle.moments):
                continue
            if answer.state == RatingState.NOT_APPLICABLE:
                yield partial(not_applicable_is_allowed, item, answer.note)
            elif answer.state == RatingState.SCORED:
                yield partial(value_fits, item, answer.value)
            yield partial(marks_fit, item, answer.state, answer.value, answer.marks)


def has_enough_cycles(version: InstrumentVersion, cycles: Collection[Cycle]) -> None:
    if len(cycles) < version.minimum_cycles:
        raise Refusal(
            ngettext(
                "A session needs at least %(least)s cycle; this one has %(have)s.",
                "A session needs at least %(least)s cycles; this one has %(have)s.",
                version.minimum_cycles,
            )
            % {"least": version.minimum_cycles, "have": len(cycles)}
        )


def has_moments(cycle: Cycle) -> None:
    if not cycle.moments:
        raise Refusal(_("Cycle %(n)s: choose the moments that you saw.") % {"n": cycle.number})


def lasts_long_enough(version: InstrumentVersion, cycle: Cycle) -> None:
    """Within the minutes of the version; longer or shorter only with a reason."""
    if version.cycle_minutes is None and version.cycle_minutes_most is None:
        return
    if cycle.minutes is None:
        raise Refusal(_("Cycle %(n)s: say when it began and ended.") % {"n": cycle.number})
    low, high = version.cycle_minutes or 0, version.cycle_minutes_most or 24 * 60
    if not low <= cycle.minutes <= high and not cycle.minutes_reason.strip():
        raise Refusal(
            _(
                "Cycle %(n)s lasted %(minutes)s minutes; a cycle lasts %(low)s to %(high)s. "
                "Correct the times, or say why it was longer or shorter."
            )
            % {"n": cycle.number, "minutes": cycle.minutes, "low": low, "high": high}
        )


def has_routine_and_play(cycles: Iterable[Cycle]) -> None:
    seen = {moment for cycle in cycles for moment in cycle.moments}
    if not seen & set(CARE_ROUTINES):
        raise Refusal(
            _("A session needs at least one care routine (feeding, hygiene, sleep …) in a cycle.")
        )
    if not seen & set(PLAY_OR_ACTIVITY):
        raise Refusal(_("A session needs at least one moment of play or activity in a cycle."))


def has_answers(sheet: CycleSheet, items: Iterable[Item]) -> None:
    codes = {item.code for item in items if item.kind == ItemKind.SCORED}
    if not any(
        answer.state == RatingState.SCORED
        for code, answer in sheet.ratings.items()
        if code in codes
    ):
        raise Refusal(_("Cycle %(n)s has no answers yet.") % {"n": sheet.cycle.number})


def missing_are_meant(missing: Mapping[int, Collection[str]]) -> None:
    """Refuse while items without an answer (by cycle) are not left out on purpose."""
    if any(missing.values()):
        raise Refusal(
            _(
                "Without an answer: %(items)s. Answer them, or confirm that you leave them "
                "unanswered."
            )
            % {
                "items": "; ".join(
                    _("cycle %(n)s: %(codes)s") % {"n": number, "codes": ", ".join(codes)}
                    for number, codes in missing.items()
                    if codes
                )
            }
        )


def alerts_are_described(undescribed: Collection[str]) -> None:
    if undescribed:
        raise Refusal(
            _("Describe what happened for each alert that you marked: %(items)s.")
            % {"items": ", ".join(sorted(undescribed))}
        )


def unanswered(
    sheets: Iterable[CycleSheet], items: Iterable[Item], age_group: str
) -> dict[int, list[str]]:
    """By cycle number, codes of scored items that apply and have no answer, or half of one."""
    items = [item for item in items if item.kind == ItemKind.SCORED]
    return {
        sheet.cycle.number: [
            item.code
            for item in items
            if (item.code not in sheet.ratings or None in sheet.ratings[item.code].marks)
            and item.applies(age_group, sheet.cycle.moments)
        ]
        for sheet in sheets
    }
