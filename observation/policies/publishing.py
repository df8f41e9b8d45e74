"""What a checklist must say before it is published, so that whatever is recorded can be scored."""

import re
from collections.abc import Collection, Iterable, Iterator

from django.utils.translation import gettext as _

from core.refusals import Refusal
from observation.enums import ItemKind, ScaleKind, ScoringRule, VersionStatus
from observation.models import InstrumentVersion, Item, Scale

MOST_CYCLES = 6
MOST_STEPS, MOST_LOOKS = 21, 60
# How the items of a kind may be answered.
SCALES_OF = {
    ItemKind.SCORED: {
        *(ScaleKind.ORDINAL, ScaleKind.PRESENCE, ScaleKind.YES_NO, ScaleKind.YES_NO_UNSEEN),
        *(ScaleKind.INTEGER, ScaleKind.SNAPSHOTS),
    },
    ItemKind.ALERT: {ScaleKind.PRESENCE},
    ItemKind.CONTEXT: {
        *(ScaleKind.YES_NO, ScaleKind.CHOICE, ScaleKind.INTEGER, ScaleKind.INTEGER_PAIR),
        *(ScaleKind.TIME_RANGE, ScaleKind.TEXT),
    },
}
ENDS = dict.fromkeys((ScaleKind.PRESENCE, ScaleKind.YES_NO, ScaleKind.YES_NO_UNSEEN), (0, 1))
# Forms name their fields by these codes and have fields of their own.
CODE = re.compile("[A-Za-z][A-Za-z0-9_]*")
TAKEN = {"moments", "started_at", "ended_at", "minutes_reason"}
WHOLE_CHECKLIST = "ALL"  # as measurement.scoring calls it


def checklist_is_whole(version: InstrumentVersion, items: Collection[Item]) -> None:
    """The first sentence of ``gaps`` as a refusal."""
    for sentence in gaps(version, items):
        raise Refusal(sentence)


def has_no_draft(versions: Iterable[InstrumentVersion]) -> None:
    """One draft of an instrument at a time: two would not know of each other's changes."""
    for version in versions:
        if version.status == VersionStatus.DRAFT:
            raise Refusal(
                _("Version %(number)s is being written already. Go on with it, or discard it.")
                % {"number": version.number}
            )


def is_being_written(version: InstrumentVersion) -> None:
    if version.status != VersionStatus.DRAFT:
        raise Refusal(
            _("“%(version)s” is published and never changes. Begin a new version instead.")
            % {"version": version}
        )


def gaps(version: InstrumentVersion, items: Collection[Item]) -> Iterator[str]:
    """All that keeps a checklist from being recorded and scored, a sentence each."""
    scored = [item for item in items if item.kind == ItemKind.SCORED]
    if not scored:
        yield _("A version without scored items cannot be published. Add its items first.")
    yield from _of_the_rules(version)
    for item in items:
        yield from _of_an_item(item)
    for scale in {item.scale.code: item.scale for item in scored}.values():
        yield from _of_a_scale(version, scale)
    if version.scoring == ScoringRule.MEAN:
        yield from _of_a_mean(scored)


def looks(version: InstrumentVersion) -> int:
    """How often an item seen or not at set minutes is looked at in a cycle."""
    return sum(len(segment.get("snapshots") or []) for segment in version.segments)


def _of_the_rules(version: InstrumentVersion) -> Iterator[str]:
    if not 1 <= version.minimum_cycles <= MOST_CYCLES:
        yield _("A session has 1 to %(most)s cycles.") % {"most": MOST_CYCLES}
    if not 0 < float(version.minimum_answered) <= 1:
        yield _("The share of items that must be answered lies above 0 and up to 1.")
    shortest, longest = version.cycle_minutes, version.cycle_minutes_most
    if shortest is not None and longest is not None and longest < shortest:
        yield _("The longest cycle is shorter than the shortest one.")
    for segment in version.segments:
        if late := [at for at in segment.get("snapshots") or [] if at > segment["minutes"]]:
            yield _("Segment %(code)s ends before minute %(minute)s.") % {
                "code": segment["code"],
                "minute": late[0],
            }


def _of_an_item(item: Item) -> Iterator[str]:
    about = {"item": item.code}
    if not CODE.fullmatch(item.code) or item.code in TAKEN:
        yield (
            _("%(item)s: a code begins with a letter and has letters, digits and _ alone.") % about
        )
    if item.scale.kind not in SCALES_OF[ItemKind(item.kind)]:
        yield _("%(item)s: its scale does not go with its type.") % about
    if item.kind == ItemKind.SCORED and not item.weight:
        yield _("%(item)s: a scored item needs a weight above 0.") % about
    if item.kind == ItemKind.SCORED and item.domain.code == WHOLE_CHECKLIST:
        yield _("No domain may be called “ALL”: that name means the whole checklist.")
    if item.kind == ItemKind.SCORED and item.na_allowed and not str(item.na_rule):
        yield _("%(item)s: say when it is not applicable.") % about


def _of_a_scale(version: InstrumentVersion, scale: Scale) -> Iterator[str]:
    low, high = scale.minimum or 0, scale.maximum
    about = {"scale": scale.code, "low": low, "high": high}
    kind = ScaleKind(scale.kind)
    needed = kind != ScaleKind.INTEGER or version.scoring != ScoringRule.MEAN
    if high is None:
        if needed:
            yield (
                _(
                    "Scale %(scale)s has no highest value. Scores from 0 to 100 and steps need "
                    "one; a count without end is scored as a mean in points."
                )
                % about
            )
        return
    if low >= high:
        yield _("Scale %(scale)s: its lowest value must lie below its highest.") % about
    if kind == ScaleKind.ORDINAL and high - low >= MOST_STEPS:
        yield _("Scale %(scale)s has more than %(most)s steps: make it a number.") % (
            about | {"most": MOST_STEPS}
        )
    if version.scoring == ScoringRule.PERCENT and low < 0:
        yield (
            _(
                "Scale %(scale)s goes below 0, so a share of its highest value says nothing. "
                "Score by the place between lowest and highest value."
            )
            % about
        )
    if ENDS.get(kind, (low, high)) != (low, high):
        yield _("Scale %(scale)s is answered by 0 or 1 alone.") % about
    if kind == ScaleKind.SNAPSHOTS:
        yield from _of_looks(version, scale)


def _of_looks(version: InstrumentVersion, scale: Scale) -> Iterator[str]:
    """One mark per look, so the highest value is the number of looks, if minutes are set."""
    about = {"scale": scale.code, "high": scale.maximum, "looks": looks(version)}
    if scale.minimum or (scale.maximum or 0) > MOST_LOOKS:
        yield _("Scale %(scale)s counts looks: from 0 to at most %(most)s.") % (
            about | {"most": MOST_LOOKS}
        )
    if about["looks"] and about["looks"] != scale.maximum:
        yield (
            _("Scale %(scale)s has %(high)s looks, but the segments set the minutes of %(looks)s.")
            % about
        )


def _of_a_mean(scored: Collection[Item]) -> Iterator[str]:
    """Points of different scales have no mean, so the items of a domain share theirs."""
    ends: dict[str, set[tuple]] = {}
    for item in scored:
        ends.setdefault(item.domain.code, set()).add((item.scale.minimum or 0, item.scale.maximum))
    for domain, found in ends.items():
        if len(found) > 1:
            yield _(
                "The items of %(domain)s have scales with other ends, so their points have no "
                "mean. Score from 0 to 100, or give them one scale."
            ) % {"domain": domain}
