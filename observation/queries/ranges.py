"""Between what the scores of a version lie, and how they are told."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from observation.enums import ItemKind, ScoringRule
from observation.models import InstrumentVersion, Item, ObservationSession


@dataclass(frozen=True)
class ScoreRange:
    """The ends of a score (``high`` None: open) and the decimals to show it with."""

    low: float
    high: float | None
    decimals: int

    @property
    def limits(self) -> tuple[float, float] | None:
        """The ends of an axis, None where the values themselves must set them."""
        return None if self.high is None else (self.low, self.high)

    @property
    def unit(self) -> str:
        """What stands behind a figure; nothing behind one of 0 to 100."""
        if self == HUNDRED:
            return ""
        if self.high is None:
            return _("points")
        return _("points, from %(low)g to %(high)g") % {"low": self.low, "high": self.high}

    def __str__(self) -> str:
        ends = {"low": self.low, "high": self.high}
        if self.high is None:
            return _("from %(low)g upwards") % ends
        return _("from %(low)g to %(high)g") % ends


HUNDRED = ScoreRange(0, 100, 0)
# By domain code; None is over all, and absent where domains are scored on different scales.
Ranges = dict[str | None, ScoreRange]


def score_ranges(versions: Iterable[InstrumentVersion]) -> dict[int, Ranges]:
    """By version (id): between what the scores of its domains and its total lie."""
    rules = {version.pk: version.scoring for version in versions}
    scored = Item.objects.filter(version__in=rules, kind=ItemKind.SCORED).order_by("order")
    rows = scored.values_list("version", "domain__code", "scale__minimum", "scale__maximum")
    found: dict[int, Ranges] = {pk: {} for pk in rules}
    totals: dict[int, set[ScoreRange]] = defaultdict(set)
    for version, domain, low, high in rows:
        mean = rules[version] == ScoringRule.MEAN
        span = ScoreRange(low or 0, high, 1) if mean else HUNDRED
        totals[version].add(span)
        found[version][domain] = _around(span, found[version].get(domain, span))
    for version, spans in totals.items():
        if len(spans) == 1:
            found[version][None] = spans.pop()
    return found


def ranges_of(version: InstrumentVersion) -> Ranges:
    """``score_ranges`` of one version."""
    return score_ranges([version])[version.pk]


def in_percent(sessions: QuerySet[ObservationSession]) -> QuerySet[ObservationSession]:
    """Sessions with scores from 0 to 100: points of a scale cannot be averaged with them."""
    return sessions.exclude(version__scoring=ScoringRule.MEAN)


def _around(one: ScoreRange, other: ScoreRange) -> ScoreRange:
    """The range that holds both, for versions published before they were asked to agree."""
    open_above = one.high is None or other.high is None
    high = None if open_above else max(one.high or 0, other.high or 0)
    return ScoreRange(min(one.low, other.low), high, one.decimals)
