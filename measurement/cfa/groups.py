"""The groups that can be compared, and why others cannot."""

from collections.abc import Hashable, Mapping

import pandas as pd

from measurement.cfa.ordinal import correlated, weighted
from measurement.cfa.sample import Sample, complete, numbers, unfit
from measurement.cfa.weighted import OrdinalSample
from measurement.estimates import Reason

GROUP_COLUMNS = ["group", "n", "n_total", "reason"]

Parts = Mapping[Hashable, pd.DataFrame]


def samples(parts: Parts, minimum_rows: int) -> tuple[dict[Hashable, Sample], pd.DataFrame]:
    """Moments of each group of numbers that has them; of every group n, n_total and reason."""
    found, rows = {}, []
    for group, items in parts.items():
        values = numbers(items)
        kept = complete(values)
        reason = unfit(values, minimum_rows)
        if reason is None:
            found[group] = Sample.of(kept)
        rows.append((group, len(kept), len(items), reason or ""))
    return found, pd.DataFrame(rows, columns=GROUP_COLUMNS)


def ordinal_samples(
    parts: Parts, estimator: str, minimum_rows: int
) -> tuple[dict[Hashable, OrdinalSample], pd.DataFrame]:
    """As ``samples``, of ordered steps. A group must use every step that any group uses."""
    kept = {group: items.dropna() for group, items in parts.items()}
    read = {group: correlated(kept[group], parts[group], minimum_rows) for group in parts}
    fit = [own.steps for own, reason in read.values() if not reason]
    used = {item: {step for own in fit for step in own[item]} for item in (fit[0] if fit else {})}
    found, rows = {}, []
    for group, (own, why) in read.items():
        reason = why
        if not why and any(set(own.steps[item]) != steps for item, steps in used.items()):
            reason = Reason.SMALL_CELLS
        if not reason:
            found[group] = weighted(kept[group], own, estimator)
        rows.append((group, len(kept[group]), len(parts[group]), reason))
    return found, pd.DataFrame(rows, columns=GROUP_COLUMNS)
