"""Units seen in several periods, some of them treated from a certain period on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from measurement.estimates import Reason
from measurement.evaluation.balance import indicators


def positions(starts: pd.Series, periods: Sequence | pd.Index) -> pd.Series:
    """Where each start stands among the sorted periods (from 0; one that lies between two counts
    as the later, one after all as their number); NaN where never."""
    known = starts.notna()
    found = np.searchsorted(np.asarray(periods), starts[known].to_numpy())
    return pd.Series(found, index=starts.index[known], dtype=float).reindex(starts.index)


@dataclass(frozen=True)
class Panel:
    """Units × periods of outcomes; start of each unit (position, inf: never) and its cluster."""

    y: np.ndarray
    start: np.ndarray
    x: np.ndarray
    codes: np.ndarray
    periods: list
    flow: pd.DataFrame

    @property
    def g(self) -> int:
        return int(self.codes.max()) + 1 if len(self.codes) else 0


def panel_of(
    frame: pd.DataFrame,
    outcome: str,
    unit: str,
    period: str,
    first: str,
    cluster: str,
    covariates: Sequence[str],
) -> tuple[Panel, Reason | None]:
    """The units that were not treated from the first period on, and why nothing can be compared."""
    used = list(dict.fromkeys([outcome, unit, period, cluster, *covariates]))
    absent = [column for column in [*used, first] if column not in frame.columns]
    if absent:
        raise ValueError(f"The data lack these columns: {', '.join(absent)}.")
    rows = frame.dropna(subset=used).sort_values([unit, period])
    if rows.duplicated([unit, period]).any():
        raise ValueError("Staggered starts need one row for each unit and period.")
    periods = sorted(rows[period].unique())
    by_unit = rows.groupby(unit)
    for name, what in ((first, "start"), (cluster, "cluster")):
        if name != unit and by_unit[name].nunique(dropna=False).gt(1).any():
            raise ValueError(f"Each unit needs one {what} that is the same in all of its rows.")
    facts = rows.drop_duplicates(unit).set_index(unit, drop=False)
    start = positions(facts[first], periods).fillna(np.inf)
    start = start.where(start < len(periods), np.inf)
    kept = facts.index[start > 0]
    flow = pd.DataFrame(
        [
            ("given", frame[unit].nunique(), frame[cluster].nunique()),
            ("with every column of the plan", len(facts), facts[cluster].nunique()),
            ("not treated from the first period", len(kept), facts.loc[kept, cluster].nunique()),
        ],
        columns=["step", "rows", "clusters"],
    )
    wide = rows.pivot(index=unit, columns=period, values=outcome).reindex(kept)
    x = indicators(facts.loc[kept, list(covariates)]).to_numpy(dtype=float)
    panel = Panel(
        wide.to_numpy(dtype=float),
        start[kept].to_numpy(),
        np.column_stack([np.ones(len(kept)), x]),
        pd.factorize(facts.loc[kept, cluster])[0],
        periods,
        flow,
    )
    reason = None
    if len(rows) == 0:
        reason = Reason.ALL_MISSING if len(frame) else Reason.TOO_FEW_ROWS
    elif len(periods) < 2:
        reason = Reason.ONE_PERIOD
    elif len(kept) == 0 or np.isinf(panel.start).all() or len(set(panel.start)) < 2:
        reason = Reason.ONE_GROUP
    return panel, reason
