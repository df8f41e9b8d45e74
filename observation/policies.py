"""What an observation session may do in which state; each rule says no in a sentence.

Rules take rows already at hand (cycles with their ratings, items of the version) and write nothing.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.refusals import Refusal
from core.states import Moves
from observation.enums import (
    CARE_ROUTINES,
    PLAY_OR_ACTIVITY,
    InstrumentKind,
    ItemKind,
    Purpose,
    RatingState,
    SessionStatus,
    VersionStatus,
)
from observation.models import Cycle, InstrumentVersion, Item, ObservationSession
from organisations.enums import UnitKind
from organisations.models import Post, Unit
from organisations.roles import RoleCode

MOVES = Moves(
    name="observation_session",
    title="An observation session",
    start=SessionStatus.DRAFT.value,
    moves={
        SessionStatus.DRAFT.value: {SessionStatus.CLOSED.value: "close"},
        SessionStatus.CLOSED.value: {},
    },
)


@dataclass
class CycleSheet:
    """One cycle as it stands: its row and, by item code, (state, value, note)."""

    cycle: Cycle
    ratings: dict[str, tuple[str, int | None, str]] = field(default_factory=dict)


# ---- before a session begins


def room_is_open(room: Unit, on: datetime.date) -> None:
    if room.kind != UnitKind.ROOM:
        raise Refusal(_("“%(unit)s” is not a room. Choose one of its rooms.") % {"unit": room})
    if room.closed_on is not None and room.closed_on <= on:
        raise Refusal(
            _("The room “%(room)s” closed on %(day)s. Choose a room that is open.")
            % {"room": room, "day": room.closed_on}
        )


def version_is_published(version: InstrumentVersion) -> None:
    if version.status != VersionStatus.PUBLISHED:
        raise Refusal(
            _("“%(version)s” is not published. Observe with a published version.")
            % {"version": version}
        )


def observer_may_record(observer, room: Unit) -> None:
    if not room.visible_to(observer, "observation.record"):
        raise Refusal(
            _("You hold no post that lets you observe in “%(room)s”. Ask your coordinator for one.")
            % {"room": room}
        )


def caregiver_works_there(caregiver, room: Unit, on: datetime.date) -> None:
    """A caregiver's post lies in the room, or in its centre when she covers several rooms."""
    places = [room.path, room.path[: -Unit.steplen]]
    posts = Post.objects.in_force(on).filter(user=caregiver, role=RoleCode.CAREGIVER)
    if not posts.filter(unit__path__in=places).exists():
        raise Refusal(
            _(
                "%(caregiver)s does not work in “%(room)s” on that day. "
                "Choose a caregiver of the room, or have her post entered."
            )
            % {"caregiver": caregiver, "room": room}
        )


def caregiver_is_named_when_formative(caregiver, purpose: str) -> None:
    if caregiver is None and purpose == Purpose.FORMATIVE:
        raise Refusal(_("Choose the caregiver whom the feedback is for."))


def observer_is_not_the_caregiver(observer, caregiver) -> None:
    if caregiver is not None and caregiver == observer:
        raise Refusal(_("Nobody observes herself. Choose another caregiver."))


def mentor_is_not_the_judge(observer, room: Unit, purpose: str) -> None:
    """Who mentors a room does not evaluate it officially."""
    if purpose != Purpose.OFFICIAL:
        return
    mentoring = Post.objects.in_force().filter(user=observer, role=RoleCode.MENTOR)
    if any(room.path.startswith(path) for path in mentoring.values_list("unit__path", flat=True)):
        raise Refusal(
            _(
                "You mentor in “%(room)s”, so your observations there are formative. "
                "An official evaluation needs another observer."
            )
            % {"room": room}
        )


def day_is_not_to_come(on: datetime.date) -> None:
    if on > timezone.localdate():
        raise Refusal(_("The day of the observation is still to come. Choose today or earlier."))


# ---- while it is a draft


def is_her_own(session: ObservationSession, person) -> None:
    if session.observer_id is None or session.observer_id != person.pk:
        raise Refusal(_("Only the person who observed may change this session."))


def is_draft(session: ObservationSession) -> None:
    MOVES.require(
        session.status,
        SessionStatus.CLOSED,
        _("This session is closed and cannot change. Correct it with a new session instead."),
    )


def may_be_corrected(session: ObservationSession, reason: str) -> None:
    if session.status != SessionStatus.CLOSED:
        raise Refusal(_("This session is still a draft: go on with it instead of correcting it."))
    if not reason.strip():
        raise Refusal(_("Say why the session needs a correction."))


def value_fits(item: Item, value: int | None) -> None:
    low, high = item.scale.minimum, item.scale.maximum
    if value is None or (low is not None and value < low) or (high is not None and value > high):
        raise Refusal(
            _("%(item)s: %(value)s is not on the scale from %(low)s to %(high)s.")
            % {"item": item.code, "value": value, "low": low, "high": high}
        )


def not_applicable_is_allowed(item: Item, note: str) -> None:
    """By hand, only where the item allows it and with a reason."""
    if not item.na_allowed:
        raise Refusal(
            _("%(item)s always applies: give it a value, or leave it unanswered.")
            % {"item": item.code}
        )
    if not note.strip():
        raise Refusal(_("%(item)s: say why it is not applicable.") % {"item": item.code})


# ---- when it closes


def may_be_closed(
    version: InstrumentVersion,
    sheets: Collection[CycleSheet],
    items: Collection[Item],
    age_group: str,
) -> None:
    """Every rule about cycles and ratings, in the order in which a person would mend them."""
    cycles = [sheet.cycle for sheet in sheets]
    has_enough_cycles(version, cycles)
    for cycle in cycles:
        has_moments(cycle)
        lasts_long_enough(version, cycle)
    if version.instrument.kind == InstrumentKind.CHECKLIST:
        has_routine_and_play(cycles)
    for sheet in sheets:
        has_answers(sheet, items)
        for item in items:
            state, value, note = sheet.ratings.get(item.code, (RatingState.MISSING, None, ""))
            if not item.applies(age_group, sheet.cycle.moments):
                continue
            if state == RatingState.NOT_APPLICABLE:
                not_applicable_is_allowed(item, note)
            elif state == RatingState.SCORED:
                value_fits(item, value)


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
        state == RatingState.SCORED
        for code, (state, *_rest) in sheet.ratings.items()
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
    """By cycle number, codes of scored items that apply and have no answer."""
    items = [item for item in items if item.kind == ItemKind.SCORED]
    return {
        sheet.cycle.number: [
            item.code
            for item in items
            if item.code not in sheet.ratings and item.applies(age_group, sheet.cycle.moments)
        ]
        for sheet in sheets
    }


# ---- feedback


@dataclass(frozen=True)
class ItemMean:
    """Mean value of an item over the cycles in which it was scored (``n`` of them)."""

    item: Item
    mean: float
    n: int


def strengths_and_focus(means: Iterable[ItemMean]) -> tuple[list[ItemMean], ItemMean | None]:
    """Up to two strengths and one focus, a rule of our own, said beside the result.

    Strengths: the items with the highest means, at 2 of 3 or above of their scale. Focus: the
    item with the lowest mean that is no strength and below the top of its scale. Ties go to the
    item seen in more cycles, then to the order of the instrument.
    """
    means = sorted(means, key=lambda each: (-each.n, each.item.order))
    share = {id(each): _share(each) for each in means}
    best = sorted(means, key=lambda each: -share[id(each)])
    strengths = [each for each in best if share[id(each)] >= 2 / 3][:2]
    rest = [each for each in means if each not in strengths and share[id(each)] < 1]
    return strengths, min(rest, key=lambda each: share[id(each)], default=None)


def _share(each: ItemMean) -> float:
    """The mean as a share of the highest value of its scale."""
    highest = each.item.scale.maximum
    if not highest:
        raise ValueError(f"The scale of item {each.item.code} has no highest value above 0.")
    return each.mean / highest
