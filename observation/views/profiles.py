"""What a place's sessions say over time, as pages and drawings show it. Slow to import: pandas."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import charts
from core.fields import Translated
from core.numerals import written
from core.templatetags.estimates import reason_words
from measurement import occasions
from measurement.estimates import Estimate, Reason
from measurement.indicators import described_mean
from observation import frames
from observation.enums import ItemKind, ScoringRule
from observation.models import InstrumentVersion, Item

Estimator = Callable[[pd.DataFrame], Estimate]


@dataclass(frozen=True)
class Results:
    """A place's scores: over all and by domain, for the whole period and month by month.

    ``names``: by code of a domain. ``whole``: an estimate each. ``spans``: first days of months or
    quarters, and ``over_time``: an estimate for each of them, None where nobody observed.
    """

    version: InstrumentVersion
    names: dict[str, str]
    whole: dict[str, Estimate]
    spans: list[datetime.date]
    over_time: dict[str, list[Estimate | None]]

    @property
    def limits(self) -> tuple[float, float] | None:
        return None if self.version.scoring == ScoringRule.MEAN else (0, 100)

    @property
    def decimals(self) -> int:
        return 1 if self.version.scoring == ScoringRule.MEAN else 0


def read(
    version: InstrumentVersion, scores: pd.DataFrame, estimate: dict[str, Estimator], span: str
) -> Results:
    """Results of ``scores`` (as frames.scores) with the estimator of each domain.

    ``span``: "M" for months, "Q" for quarters.
    """
    names = domains(version)
    at = scores["observed_on"].dt.to_period(span)
    spans = list(pd.period_range(at.min(), at.max(), freq=span)) if len(at) else []
    whole, over_time = {}, {}
    for code in names:
        mine = scores[scores["domain"] == code]
        whole[code] = estimate[code](mine)
        parts = dict(list(mine.groupby(at.loc[mine.index])))
        over_time[code] = [estimate[code](parts[one]) if one in parts else None for one in spans]
    days = [one.start_time.date() for one in spans]
    return Results(version, names, whole, days, over_time)


def domains(version: InstrumentVersion) -> dict[str, str]:
    """Names of the score over all and of the scored domains, by code, in their order."""
    scored = version.domains.filter(items__kind=ItemKind.SCORED).distinct().order_by("order")
    return {frames.ALL: _("Over all")} | {one.code: str(one.name) for one in scored}


def by_visits(pool: pd.DataFrame, codes: Iterable[str]) -> dict[str, Estimator]:
    """For rooms and centres: as far as other visits to the rooms of ``pool`` would differ."""
    return {code: _visits(pool[pool["domain"] == code]) for code in codes}


def _visits(pool: pd.DataFrame) -> Estimator:
    sd = occasions.spread(pool["score"], pool["room"])
    return lambda rows: occasions.mean_of_visits(rows["score"], sd)


def by_centres(codes: Iterable[str]) -> dict[str, Estimator]:
    """For regions: rooms of one centre resemble each other, so centres are what is counted."""
    return dict.fromkeys(codes, lambda rows: described_mean(rows["score"], rows["centre"]))


def by_caregivers(codes: Iterable[str], least: int) -> dict[str, Estimator]:
    """For groups: each caregiver counts once, and fewer than ``least`` of them are not shown."""

    def estimate(rows: pd.DataFrame) -> Estimate:
        each = rows.dropna(subset=["score"]).groupby("caregiver")["score"].mean()
        if len(each) < least:
            return Estimate.insufficient(Reason.SUPPRESSED, len(each))
        return described_mean(each.to_numpy(), each.index.to_numpy())

    return dict.fromkeys(codes, estimate)


@dataclass(frozen=True)
class Band:
    """Where the middle half of a region's centres lies: quarter and three quarters, of how many."""

    low: float
    high: float
    centres: int


def bands(pool: pd.DataFrame, least: int) -> dict[str, Band]:
    """The band of each domain, by code, where at least ``least`` centres have a score."""
    found = {}
    means = pool.dropna(subset=["score", "centre"]).groupby(["domain", "centre"], observed=True)
    for code, rows in means["score"].mean().groupby("domain", observed=True):
        if len(rows) >= least:
            low, high = rows.quantile([0.25, 0.75])
            found[str(code)] = Band(float(low), float(high), len(rows))
    return found


def compared(results: Results, found: dict[str, Band]) -> list[dict[str, object]]:
    """Rows of a table: domain, here, the band, centres; and in words where here lies to it."""
    return [
        {
            "name": name,
            "here": written(value, results.decimals),
            "low": written(band.low, results.decimals),
            "high": written(band.high, results.decimals),
            "centres": band.centres,
            "words": _position(results.whole[code], band),
        }
        for code, name in results.names.items()
        if (band := found.get(code)) and (value := results.whole[code].value) is not None
    ]


def _position(here: Estimate, band: Band) -> str:
    """By the whole interval: above or below only where it leaves no doubt."""
    if here.low is None or here.high is None:
        return _("without an interval nothing can be said")
    if here.low > band.high:
        return _("above the middle half")
    if here.high < band.low:
        return _("below the middle half")
    return _("not told apart from the middle half")


def whole_chart(results: Results, note: str) -> charts.Chart:
    """Each score of the whole period with its interval."""
    return charts.dot_with_interval(
        _("Scores of the whole period"),
        [
            charts.Estimate(
                name,
                one.value,
                one.low,
                one.high,
                n=one.n,
                reason=str(reason_words(one.reason)) if one.reason else "",
                strand="observation",
            )
            for code, name in results.names.items()
            for one in [results.whole[code]]
        ],
        limits=results.limits,
        decimals=results.decimals,
        note=note,
    )


def time_charts(results: Results, note: str) -> Iterator[charts.Chart]:
    """A line for each score, with the interval of each month."""
    labels = month_labels(results.spans)
    for code, name in results.names.items():
        points = results.over_time[code]
        yield charts.line(
            name,
            labels,
            [
                charts.Series(
                    _("Score"),
                    [one.value if one else None for one in points],
                    "observation",
                    intervals=[_ends(one) for one in points],
                    counts=[one.n if one else None for one in points],
                )
            ],
            limits=results.limits,
            decimals=results.decimals,
            note=note,
        )


def _ends(one: Estimate | None) -> tuple[float, float] | None:
    return (one.low, one.high) if one and one.low is not None and one.high is not None else None


def month_labels(days: Sequence[datetime.date]) -> list[str]:
    return [date_format(day, "m/y") for day in days]


def heat(
    title: str,
    items: Sequence[Item],
    columns: Sequence[tuple[object, str, str]],
    means: Iterable[dict],
) -> charts.Chart:
    """``items`` × ``columns`` (what ``means`` call them, short name, name), means in points."""
    found = {(row["item"], row["at"]): row["mean"] for row in means}
    return charts.heat(
        title,
        [short for _at, short, _name in columns],
        [
            charts.Row(
                item.code,
                f"{item.code} {Translated(item.text)}",
                [found.get((item.pk, at)) for at, _short, _name in columns],
                *_range(item, found),
            )
            for item in items
        ],
        heads=[name for _at, _short, name in columns],
        note=_("Mean in points of the item’s scale; the deeper the tint, the nearer to its top."),
    )


def _range(item: Item, found: dict) -> tuple[float, float]:
    """What the values of ``item`` may be; of a count without a limit, up to the highest seen."""
    highest = item.scale.maximum
    if highest is None:
        highest = max((mean for (pk, _at), mean in found.items() if pk == item.pk), default=1)
    return item.scale.minimum or 0, highest
