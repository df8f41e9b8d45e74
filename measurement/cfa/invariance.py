"""Do the items mean the same in every group, and every time?"""

from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from measurement.cfa import ml, ordinal
from measurement.cfa.groups import Parts, ordinal_samples, samples
from measurement.cfa.model import Layout, Model
from measurement.cfa.sample import Sample, chosen
from measurement.cfa.specification import Occasions
from measurement.cfa.steps import Invariance, Material, climb
from measurement.cfa.weighted import OrdinalSample
from measurement.estimates import Reason

MINIMUM_GROUP = 50


def invariance(
    data: pd.DataFrame,
    groups: pd.Series | Sequence[Hashable],
    model: Model,
    estimator: str = "ML",
    minimum_rows: int = MINIMUM_GROUP,
) -> Invariance:
    """Measurement invariance across groups: ages, versions of an instrument, OOADs.

    ``groups`` has one entry per row; rows without one are not used. Items as numbers ("ML", "MLR"):
    configural (same factors), metric (and equal loadings), scalar (and equal intercepts), strict
    (and equal residual variances). Ordered steps ("WLSMV", "ULSMV"): configural, thresholds
    (equal), metric (and equal loadings), scalar (and equal intercepts: only factors and the scales
    of the responses still differ), after Wu & Estabrook; with two steps per item only configural
    and scalar can be told apart, the others are ``not_identified``. What equality makes estimable
    is freed in all groups but the first: factor variances from metric on, means from scalar on.
    A group that is too small, where an item does not vary or lacks a step that others use
    (``small_cells``), is left out and says why.
    Source: Jöreskog (1971), Psychometrika 36, 409–426; Meredith (1993), Psychometrika 58, 525–543;
    Wu & Estabrook (2016), Psychometrika 81, 1014–1045.
    Checked against R lavaan 0.6-14 (ML and MLR, two schools of Holzinger & Swineford; its default
    thresholds + loadings for ordered steps and, by semTools 0.5-6, all four steps after Wu &
    Estabrook in three simulated groups; two-step items): chi-squares, indices and tests of the
    differences (plain, Satorra–Bentler 2001, Satorra 2000) to 5 digits or more.
    """
    labels = pd.Series(groups).reset_index(drop=True)
    if len(labels) != len(data):
        raise ValueError("Groups must have one entry for each row of the data.")
    items = chosen(data, model).reset_index(drop=True)
    parts = dict(list(items.groupby(labels, sort=True, observed=True)))
    found, table = _read(parts, estimator, minimum_rows)
    if len(found) < 2:
        left_out = [reason for reason in table["reason"] if reason]
        reason = left_out[0] if len(parts) > 1 else Reason.ONE_GROUP
        return Invariance(table, estimator, reason=reason)
    total = int(table["n_total"].sum())
    kept = list(found.values())
    return climb(
        Material(model, _layout(model, kept[0]), kept, estimator, total, list(found)), table
    )


def invariance_over_time(
    waves: Mapping[Hashable, pd.DataFrame],
    model: Model,
    estimator: str = "ML",
    minimum_rows: int = MINIMUM_GROUP,
) -> Invariance:
    """Measurement invariance across occasions on which the same rooms were seen.

    ``waves``: occasion → rows × items, one row per room, its name in the index; rooms with every
    item on every occasion are used. One model holds all occasions (items and factors are named
    "x1@occasion"), so that what a room keeps is not counted twice: each item's residuals are
    correlated with its own of other occasions, factors with one another. Steps and estimators as
    in ``invariance``; ``groups`` lists the occasions. CFI compares with the usual baseline.
    Source: Widaman & Reise (1997), in The science of prevention, 281–324; Liu et al. (2017),
    Psychol. Methods 22, 486–506. Checked against R lavaan 0.6-14 and semTools 0.5-6 on simulated
    rooms with two occasions (ML, WLSMV): chi-squares, indices and differences to 6 digits or more.
    """
    if len(waves) < 2:
        raise ValueError("Comparing occasions needs at least two of them.")
    if any(frame.index.has_duplicates for frame in waves.values()):
        raise ValueError("Each room has one row on each occasion, and its name in the index.")
    wide = pd.concat(
        [chosen(frame, model).add_suffix(f"@{wave}") for wave, frame in waves.items()], axis=1
    )
    whole, names = _repeated(model, list(waves))
    found, table = _read({ALL: wide[whole.items]}, estimator, minimum_rows)
    reason = table["reason"].iloc[0]
    if not reason and estimator in ordinal.ESTIMATORS and _steps_differ(wide.dropna(), names):
        reason = Reason.SMALL_CELLS
    if reason:
        return Invariance(table.assign(reason=reason), estimator, reason=reason)
    layout = _layout(whole, found[ALL])
    occasions = _occasions(layout, names)
    return climb(
        Material(whole, layout, [found[ALL]], estimator, len(wide), None, occasions), table
    )


ALL = "all occasions"

Names = dict[str, tuple[str, int]]
"""What an item or factor of one occasion is called on all, and the number of the occasion."""


def _read(
    parts: Parts, estimator: str, minimum_rows: int
) -> tuple[Mapping[Hashable, Any], pd.DataFrame]:
    if estimator in ml.ESTIMATORS:
        return samples(parts, minimum_rows)
    if estimator in ordinal.ESTIMATORS:
        return ordinal_samples(parts, estimator, minimum_rows)
    raise ValueError(f"The estimator is one of {', '.join(ml.ESTIMATORS + ordinal.ESTIMATORS)}.")


def _layout(model: Model, sample: Sample | OrdinalSample) -> Layout:
    if isinstance(sample, Sample):
        return model.layout(means=True)
    return model.layout(thresholds=sample.steps)


def _repeated(model: Model, waves: Sequence[Hashable]) -> tuple[Model, Names]:
    """The model with every item and factor once per wave, and what each was called."""
    every = [*model.factors, *model.items]
    names = {f"{name}@{wave}": (name, w) for w, wave in enumerate(waves) for name in every}
    factors = {
        f"{factor}@{wave}": [f"{item}@{wave}" for item in items]
        for wave in waves
        for factor, items in model.factors.items()
    }
    kept = [(f"{a}@{wave}", f"{b}@{wave}") for a, b in model.residual_covariances for wave in waves]
    kept += [
        (f"{item}@{first}", f"{item}@{second}")
        for item in model.items
        for first, second in combinations(waves, 2)
    ]
    return Model(factors, model.identification, kept, model.orthogonal), names


def _occasions(layout: Layout, names: Names) -> Occasions:
    keys = [
        (*names[lhs], op, *names.get(rhs, (rhs, names[lhs][1]))) for lhs, op, rhs, *_ in layout.rows
    ]
    first = {key: row for row, key in enumerate(keys)}
    twins = [
        first[name, 0, op, other, 0] if w == v else row
        for row, (name, w, op, other, v) in enumerate(keys)
    ]
    return Occasions(np.array([key[1] for key in keys]), np.array(twins))


def _steps_differ(kept: pd.DataFrame, names: Names) -> bool:
    """Whether an item lacks on one occasion a step that it has on another."""
    steps: dict[str, set[frozenset[Hashable]]] = {}
    for column in kept:
        steps.setdefault(names[str(column)][0], set()).add(frozenset(kept[column].unique()))
    return any(len(found) > 1 for found in steps.values())
