"""Decision study: what would more observers, more visits or other items be worth?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from measurement.estimates import Estimate, Reason, tail
from measurement.generalizability.components import GStudy, coefficients
from measurement.generalizability.design import Design, parse_design

COEFFICIENTS = ("g", "phi")
FIGURES = [
    "g", "g_low", "g_high", "phi", "phi_low", "phi_high", "relative_se", "absolute_se",
]  # fmt: skip


@dataclass(frozen=True)
class Fewest:
    """The cheapest numbers of levels that reach the target, or None: never within the limits.

    ``reached`` is the coefficient there; ``best`` the highest within the limits, had at
    ``best_numbers``.
    ``reason``: why the G-study has no answer, if so (then all else is None).
    """

    numbers: dict[str, int] | None
    reached: Estimate | None
    best_numbers: dict[str, int] | None
    best: Estimate | None
    reason: str = ""


def d_study(
    study: GStudy, numbers: Mapping[str, Iterable[float]], design: str | None = None
) -> pd.DataFrame:
    """Eρ², Φ and standard errors for each combination of numbers of levels.

    ``numbers``: facet → numbers to try, of a nested facet within one level of its holder; facets
    left out keep their number in the G-study, as fixed ones must. ``design``: another design of
    the same facets, e.g. a G-study "p x i x o" used as "p x (i:o)".
    Columns: one per facet, g, g_low, g_high, phi, phi_low, phi_high (NaN where none can be given),
    relative_se = √σ²(δ), absolute_se = √σ²(Δ) in score points (NaN where negative components make
    the error variance negative). Empty when the G-study has no components.
    Source: Brennan (2001), Generalizability Theory, §§4.1–4.4.
    """
    later = _later(study, design)
    grid = {facet: list(values) for facet, values in numbers.items()}
    _check(study, grid)
    facets = list(study.levels)
    if study.reason:
        return pd.DataFrame(columns=[*facets, *FIGURES], dtype=float)
    choices = [grid.get(facet, [study.levels[facet]]) for facet in facets]
    variances = study.components["variance"].to_numpy()
    rows = []
    for chosen in product(*choices):
        levels = dict(zip(facets, chosen, strict=True))
        g, phi = coefficients(study, levels, tail(study.confidence), later)
        parts = study.parts(variances, levels, later)
        errors = [
            np.sqrt(error) if error >= 0 else np.nan for error in (parts.relative, parts.absolute)
        ]
        rows.append([*chosen, g.value, g.low, g.high, phi.value, phi.low, phi.high, *errors])
    found = pd.DataFrame(rows, columns=[*facets, *FIGURES])
    return found.astype(dict.fromkeys(FIGURES, float))


def fewest(
    study: GStudy,
    limits: Mapping[str, int],
    target: float = 0.70,
    coefficient: str = "phi",
    costs: Mapping[str, float] | None = None,
    design: str | None = None,
) -> Fewest:
    """How many observers × visits reach the target? The cheapest numbers within the limits.

    ``limits``: facet → the most levels that can be had (of one level of its holder); facets left
    out keep their number in the G-study. ``costs``: facet → what each of its levels costs per
    object, a nested one once per holder; without it the fewest scores per object win. Of equally
    cheap choices the one with the higher coefficient.
    """
    if coefficient not in COEFFICIENTS:
        raise ValueError("The coefficient must be 'g' or 'phi'.")
    if not 0 < target < 1:
        raise ValueError("The target must lie between 0 and 1, for example 0.70.")
    later = _later(study, design)
    grid = {facet: list(range(1, int(most) + 1)) for facet, most in limits.items()}
    _check(study, grid)
    if unknown := set(costs or {}) - set(study.levels or grid):
        raise ValueError(f"These facets are not in the design: {sorted(unknown)}.")
    if study.reason:
        return Fewest(None, None, None, None, study.reason)
    facets = list(study.levels)
    values = [np.asarray(grid.get(facet, [study.levels[facet]]), dtype=float) for facet in facets]
    levels = dict(
        zip(facets, (axis.ravel() for axis in np.meshgrid(*values, indexing="ij")), strict=True)
    )
    parts = study.parts(_column(study), levels, later)
    error = parts.absolute if coefficient == "phi" else parts.relative
    found = np.broadcast_to(parts.ratio(error), levels[facets[0]].shape)
    if not np.isfinite(found).any():
        return Fewest(None, None, None, None, Reason.NEGATIVE_VARIANCE)

    def at(place: int) -> tuple[dict[str, int], Estimate]:
        own = {facet: float(values[place]) for facet, values in levels.items()}
        pair = coefficients(study, own, tail(study.confidence), later)
        shown = {facet: round(number) for facet, number in own.items() if facet in grid}
        return shown, pair[COEFFICIENTS.index(coefficient)]

    price = _price(levels, later, study, costs)
    best_numbers, best = at(int(np.lexsort((price, -found))[0]))
    enough = np.flatnonzero(found >= target)
    if len(enough) == 0:
        return Fewest(None, None, best_numbers, best)
    numbers, reached = at(int(enough[np.lexsort((-found[enough], price[enough]))[0]]))
    return Fewest(numbers, reached, best_numbers, best)


def phi_lambda(study: GStudy, cut: float, numbers: Mapping[str, float] | None = None) -> Estimate:
    """Φ(λ): how dependably a score tells who is above and who below the mark ``cut``.

    (τ + (μ − λ)² − σ²(X̄)) / (the same + σ²(Δ)), σ²(X̄) correcting the squared mean for its own
    error; no interval is given. Source: Brennan & Kane (1977), J. Educ. Meas. 14, 277–289; Brennan
    (2001), §2.4.
    """
    if study.reason:
        return Estimate.insufficient(study.reason, study.n, study.objects)
    levels = {**study.levels, **(numbers or {})}
    _check(study, {facet: [number] for facet, number in (numbers or {}).items()})
    variances = study.components["variance"].to_numpy()
    parts = study.parts(variances, levels)
    number = {**levels, **dict.fromkeys(study.design.closed(study.object), 1.0)}
    number[study.object] = study.objects
    counts = [np.prod([number[facet] for facet in effect]) for effect in study.design.effects]
    signal = parts.universe + (study.mean - cut) ** 2 - (variances / counts).sum()
    if signal + parts.absolute <= 0:
        return Estimate.insufficient(Reason.NEGATIVE_VARIANCE, study.n, study.objects)
    value = signal / (signal + parts.absolute)
    return Estimate(value, None, None, study.n, study.objects, method=f"Phi({cut})")


def _column(study: GStudy) -> np.ndarray:
    """Components that broadcast against a grid of numbers."""
    return study.components["variance"].to_numpy()[None, :]


def _later(study: GStudy, design: str | None) -> Design:
    if design is None:
        return study.design
    later = parse_design(design)
    if set(later.facets) != set(study.design.facets):
        raise ValueError("The design of the decision study must have the facets of the G-study.")
    if any(not study.design.within[f] <= later.within[f] for f in later.facets):
        raise ValueError("What is nested in the G-study cannot be crossed in the decision study.")
    return later


def _check(study: GStudy, grid: Mapping[str, list]) -> None:
    facets = set(study.design.facets) - study.design.closed(study.object)
    if unknown := set(grid) - facets:
        raise ValueError(f"These are not facets beside the object: {sorted(unknown)}.")
    if held := set(grid) & set(study.fixed):
        raise ValueError(f"Fixed facets keep their levels: {sorted(held)}.")
    if any(number <= 0 for values in grid.values() for number in values) or not all(grid.values()):
        raise ValueError("Numbers of levels must be greater than zero.")


def _price(
    levels: Mapping[str, np.ndarray],
    design: Design,
    study: GStudy,
    costs: Mapping[str, float] | None,
) -> np.ndarray:
    if costs is None:
        return np.prod(np.vstack(list(levels.values())), axis=0)
    objects = design.closed(study.object)
    total = np.zeros(len(next(iter(levels.values()))))
    for facet, cost in costs.items():
        total += cost * np.prod(
            np.vstack([levels[f] for f in design.closed(facet) - objects]), axis=0
        )
    return total
