"""What differs between two versions of an instrument, and which scores stay comparable.

Works on the content of versions as ``actions.instruments.content_of`` gives it: plain JSON types
in, values out; no database, no language.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from observation.enums import LATER_RULES, RULES, Change, Comparable, ItemKind, ScoringRule

Content = dict[str, Any]
Part = dict[str, Any]
NAMES = ("scoring", *RULES, *(name for name in LATER_RULES if name != "scoring"))
# Whatever else changes in a scored item leaves its score what it was.
BREAKS = {
    *(Change.ADDED, Change.REMOVED, Change.RESCALED, Change.DOMAIN, Change.KIND, Change.WEIGHT),
    *(Change.NOT_APPLICABLE, Change.AGE_GROUPS, Change.MOMENTS),
}
CARE = {Change.REWORDED, Change.ANCHORS, Change.NA_WORDS}
RULES_BREAK = {"scoring", "moments_asked"}
RULES_CARE = set(NAMES) - RULES_BREAK


@dataclass(frozen=True)
class ItemChange:
    """One item: what changed in it. ``before`` and ``after`` hold it whole, its scale under
    ``scale`` as {"kind", "minimum", "maximum", "options"}; None where it is new or gone."""

    code: str
    changes: tuple[Change, ...]
    before: Part | None
    after: Part | None

    @property
    def scored(self) -> bool:
        """Whether it counts in a score before or after."""
        return any(item and item["kind"] == ItemKind.SCORED for item in (self.before, self.after))

    @property
    def domains(self) -> set[str]:
        """The codes of the domains that it stood or stands in."""
        return {item["domain"] for item in (self.before, self.after) if item}


@dataclass(frozen=True)
class DomainChange:
    code: str
    changes: tuple[Change, ...]
    before: Part | None
    after: Part | None


@dataclass(frozen=True)
class RuleChange:
    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Score:
    """Whether the score of ``domain`` (None: over all) may be compared across the versions.

    ``items`` and ``rules`` are the codes and names that keep it from being so, or ask for care.
    """

    domain: str | None
    verdict: Comparable
    items: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """Items in the order of the newer version, then those that are gone."""

    items: tuple[ItemChange, ...]
    domains: tuple[DomainChange, ...]
    rules: tuple[RuleChange, ...]
    scores: tuple[Score, ...]

    def __bool__(self) -> bool:
        return bool(self.items or self.domains or self.rules)


def difference(before: Content, after: Content) -> Difference:
    """What ``after`` says otherwise than ``before``. Items and domains are told by their codes."""
    old, new = _items(before), _items(after)
    moved = _moved_items(old, new)
    items = []
    for code in [*new, *(code for code in old if code not in new)]:
        changes = _item_changes(old.get(code), new.get(code), code in moved)
        if changes:
            items.append(ItemChange(code, changes, old.get(code), new.get(code)))
    domains = _domain_changes(before["domains"], after["domains"])
    rules = tuple(
        RuleChange(name, _rule(before, name), _rule(after, name))
        for name in NAMES
        if _rule(before, name) != _rule(after, name)
    )
    scores = _scores(old, new, items, rules)
    if not (_has_total(before, old) and _has_total(after, new)):
        scores = scores[:-1]
    return Difference(tuple(items), tuple(domains), rules, scores)


def _rule(content: Content, name: str) -> Any:
    return content["rules"].get(name, LATER_RULES.get(name))


def _items(content: Content) -> dict[str, Part]:
    """Items by code, each with its scale in full."""
    scales = {scale["code"]: scale for scale in content["scales"]}
    plain = {
        code: {name: scale[name] for name in ("kind", "minimum", "maximum", "options")}
        for code, scale in scales.items()
    }
    return {item["code"]: item | {"scale": plain[item["scale"]]} for item in content["items"]}


# ---- what changed in an item


def _item_changes(before: Part | None, after: Part | None, moved: bool) -> tuple[Change, ...]:
    if before is None or after is None:
        return (Change.ADDED if before is None else Change.REMOVED,)
    found = [change for change, differs in TESTS if differs(before, after)]
    return (*found, Change.ORDER) if moved else tuple(found)


def _other(*names: str) -> Callable[[Part, Part], bool]:
    return lambda before, after: any(before.get(name) != after.get(name) for name in names)


def _reworded(before: Part, after: Part) -> bool:
    return _says_otherwise(before["text"], after["text"])


def _translated(before: Part, after: Part) -> bool:
    return before["text"] != after["text"] and not _reworded(before, after)


def _says_otherwise(before: dict[str, str], after: dict[str, str]) -> bool:
    """In a language that it had; a translation more is no other wording."""
    return any(after.get(language) != text for language, text in before.items() if text)


def _rescaled(before: Part, after: Part) -> bool:
    return _steps(before["scale"]) != _steps(after["scale"])


def _steps(scale: Part) -> tuple:
    values = [option["value"] for option in scale["options"]]
    # Names of steps may come and go; what can be chosen is the scale.
    chosen = values if scale["kind"] == "choice" else []
    return scale["kind"], scale["minimum"], scale["maximum"], chosen


def _anchored(before: Part, after: Part) -> bool:
    named = before["scale"]["options"] != after["scale"]["options"]
    return before["anchors"] != after["anchors"] or (named and not _rescaled(before, after))


TESTS: tuple[tuple[Change, Callable[[Part, Part], bool]], ...] = (
    (Change.KIND, _other("kind")),
    (Change.REWORDED, _reworded),
    (Change.TRANSLATED, _translated),
    (Change.RESCALED, _rescaled),
    (Change.ANCHORS, _anchored),
    (Change.DOMAIN, _other("domain")),
    (Change.WEIGHT, _other("weight")),
    (Change.NOT_APPLICABLE, _other("na_allowed")),
    (Change.NA_WORDS, _other("na_rule")),
    (Change.AGE_GROUPS, _other("age_groups")),
    (Change.MOMENTS, _other("moments")),
    (Change.NOTE, _other("note", "age_min_months", "age_max_months")),
    (Change.CRITICAL, _other("critical")),
)


# ---- what moved


def _moved_items(old: dict[str, Part], new: dict[str, Part]) -> set[str]:
    """Codes of items that stand elsewhere among those of their domain."""
    moved: set[str] = set()
    for domain in {item["domain"] for item in new.values()}:
        stay = [
            code for code in new
            if new[code]["domain"] == domain and code in old and old[code]["domain"] == domain
        ]  # fmt: skip
        moved |= _moved(list(old), stay)
    return moved


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The fewest of ``after`` to be moved so that the rest stand in the order of ``before``."""
    place = {code: index for index, code in enumerate(before)}
    return set(after) - set(_longest_rising(list(after), [place[code] for code in after]))


def _longest_rising(codes: list[str], places: list[int]) -> list[str]:
    ends: list[int] = []  # places at which the best run of each length ends
    last: list[int] = []  # their indices
    previous: list[int] = []
    for index, place in enumerate(places):
        length = bisect_left(ends, place)
        previous.append(last[length - 1] if length else -1)
        ends[length:] = [place] if length == len(ends) else [place, *ends[length + 1 :]]
        last[length:] = [index] if length == len(last) else [index, *last[length + 1 :]]
    run, index = [], last[-1] if last else -1
    while index >= 0:
        run.append(codes[index])
        index = previous[index]
    return run


def _domain_changes(before: list[Part], after: list[Part]) -> list[DomainChange]:
    old = {domain["code"]: domain for domain in before}
    new = {domain["code"]: domain for domain in after}
    moved = _moved(list(old), [code for code in new if code in old])
    found = []
    for code in [*new, *(code for code in old if code not in new)]:
        changes: list[Change] = []
        if code not in old or code not in new:
            changes.append(Change.REMOVED if code in old else Change.ADDED)
        else:
            was, now = old[code]["name"], new[code]["name"]
            if was != now:
                reworded = _says_otherwise(was, now)
                changes.append(Change.REWORDED if reworded else Change.TRANSLATED)
            if code in moved:
                changes.append(Change.ORDER)
        if changes:
            found.append(DomainChange(code, tuple(changes), old.get(code), new.get(code)))
    return found


# ---- which scores stay comparable


def _scores(
    old: dict[str, Part],
    new: dict[str, Part],
    items: Collection[ItemChange],
    rules: Collection[RuleChange],
) -> tuple[Score, ...]:
    """Of every domain with scored items in either version, then over all."""
    domains = list(
        dict.fromkeys(
            item["domain"]
            for item in [*new.values(), *old.values()]
            if item["kind"] == ItemKind.SCORED
        )
    )
    found = [
        _score(domain, [item for item in items if item.scored and domain in item.domains], rules)
        for domain in domains
    ]
    whole = [item for item in items if item.scored]
    return (*found, _score(None, whole, rules))


def _has_total(content: Content, items: dict[str, Part]) -> bool:
    """Points of different scales have no mean over all."""
    scales = [item["scale"] for item in items.values() if item["kind"] == ItemKind.SCORED]
    ends = {(scale["minimum"] or 0, scale["maximum"]) for scale in scales}
    return _rule(content, "scoring") != ScoringRule.MEAN or len(ends) == 1


def _score(
    domain: str | None, items: Collection[ItemChange], rules: Collection[RuleChange]
) -> Score:
    for verdict, by_items, by_rules in (
        (Comparable.NO, BREAKS, RULES_BREAK),
        (Comparable.CARE, CARE, RULES_CARE),
    ):
        changed = tuple(item.code for item in items if set(item.changes) & by_items)
        named = tuple(rule.name for rule in rules if rule.name in by_rules)
        if changed or named:
            return Score(domain, verdict, changed, named)
    return Score(domain, Comparable.YES, (), ())
