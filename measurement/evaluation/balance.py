"""Were the groups alike before anything was done?"""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

BALANCE_COLUMNS = [
    *("name", "n_treated", "n_control", "mean_treated", "mean_control"),
    "standardised_difference",
]


def indicators(frame: pd.DataFrame) -> pd.DataFrame:
    """Numbers as they are; labels as one 0/1 column per value but the first ("name=value")."""
    columns: dict[str, pd.Series] = {}
    for name in frame.columns:
        column = frame[name]
        if pd.api.types.is_numeric_dtype(column):
            columns[str(name)] = column.astype(float)
            continue
        for value in sorted(column.dropna().unique(), key=str)[1:]:
            columns[f"{name}={value}"] = column.eq(value).astype(float).where(column.notna())
    return pd.DataFrame(columns, index=frame.index)


def treated(arm: pd.Series, treatment: Hashable = None) -> np.ndarray:
    """1.0 for the treated, 0.0 for the controls, NaN where the arm is missing.

    An arm of 0 and 1 (or False and True) says itself which is which; of other labels
    ``treatment`` names the treated one.
    """
    values = set(arm.dropna().unique())
    if treatment is not None:
        if values and treatment not in values:
            raise ValueError(f"Nobody is in the arm {treatment}.")
        found = (arm == treatment).astype(float)
    elif values <= {0, 1}:
        found = pd.to_numeric(arm.astype(object), errors="coerce").astype(float)
    else:
        raise ValueError("The arm must be 0 or 1, or the label of the treated must be named.")
    if len(values) > 2:
        raise ValueError("A comparison needs two arms; leave the rows of other arms out first.")
    return found.where(arm.notna()).to_numpy(dtype=float)


def balance(
    frame: pd.DataFrame,
    arm: np.ndarray,
    names: Sequence[str],
    spread: pd.Series | None = None,
) -> pd.DataFrame:
    """Means of both arms and their standardised difference, BALANCE_COLUMNS, one row per covariate.

    (x̄_T − x̄_C) / √((s²_T + s²_C) / 2), over the rows that have the covariate; NaN where it does
    not vary. ``spread`` gives the divisor of each covariate instead, so that a matched sample is
    measured with the spread before matching. Labels become indicators. As a guide up to .05 is
    good, up to .25 may be adjusted for, more cannot be repaired by adjustment (What Works
    Clearinghouse Standards Handbook 4.1, 2020).
    Source: Rosenbaum & Rubin (1985), Am. Stat. 39, 33–38.
    """
    data = indicators(frame[list(names)])
    rows = []
    for name in data.columns:
        column = data[name].to_numpy(dtype=float)
        groups = [column[(arm == side) & ~np.isnan(column)] for side in (1.0, 0.0)]
        means = [group.mean() if len(group) else np.nan for group in groups]
        own = pooled_spread(*groups) if spread is None else float(spread[name])
        difference = (means[0] - means[1]) / own if own > 0 else np.nan
        rows.append([name, *map(len, groups), *means, difference])
    return pd.DataFrame(rows, columns=BALANCE_COLUMNS)


def pooled_spread(first: np.ndarray, second: np.ndarray) -> float:
    """√ of the mean of both variances; NaN where a group has fewer than two values."""
    if min(len(first), len(second)) < 2:
        return np.nan
    return float(np.sqrt((first.var(ddof=1) + second.var(ddof=1)) / 2))
