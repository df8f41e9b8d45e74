"""Scores in the cells of a design: sums of squares, and what each expects of each component."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from measurement.generalizability.design import Design, Effect


@dataclass(frozen=True)
class Cells:
    """Scores with the cell of each in every effect; cells are numbered from 0."""

    design: Design
    y: np.ndarray
    codes: dict[Effect, np.ndarray]
    counts: dict[Effect, np.ndarray]

    @property
    def n(self) -> int:
        return len(self.y)

    def number(self, effect: Effect) -> int:
        return len(self.counts[effect]) if effect else 1

    def per_holder(self, facet: str, holder: Effect) -> np.ndarray:
        """How many levels of ``facet`` occur in each cell of ``holder`` (a union of effects)."""
        whole, part = self.codes[holder | self.design.closed(facet)], self.codes[holder]
        first = np.zeros(whole.max() + 1, dtype=part.dtype)
        first[whole] = part
        return np.bincount(first)

    @property
    def balanced(self) -> bool:
        """Each facet has as many levels in each of its holders, and every combination occurs."""
        cells = 1
        for facet in self.design.facets:
            holder = self.design.within[facet]
            inside = self.per_holder(facet, holder) if holder else np.array([self.levels(facet)])
            if np.ptp(inside):
                return False
            cells *= int(inside[0])
        return cells == self.n

    def levels(self, facet: str) -> int:
        return self.number(self.design.closed(facet))

    def typical(self, facet: str, objects: Effect) -> float:
        """Levels of a facet per object (and per level of what holds it): their harmonic mean."""
        holder = objects | self.design.within[facet]
        inside = self.per_holder(facet, holder)
        return float(len(inside) / (1 / inside).sum()) if np.ptp(inside) else float(inside[0])


def cells(frame: pd.DataFrame, design: Design, score: str) -> Cells:
    """The scored rows of a long frame; ValueError where one cell holds two scores."""
    absent = [name for name in (*design.facets, score) if name not in frame.columns]
    if absent:
        raise ValueError(f"The design needs columns that the table does not have: {absent}.")
    try:
        y = frame[score].to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ValueError("Scores must be numbers; turn letters into numbers first.") from error
    if np.isinf(y).any():
        raise ValueError("Scores must be finite numbers, or missing.")
    kept = ~np.isnan(y)
    single: dict[str, np.ndarray] = {}
    for facet in design.facets:
        single[facet] = pd.factorize(frame[facet][kept])[0].astype(np.int64)
        if (single[facet] < 0).any():
            raise ValueError(f"Every score needs its level of the facet '{facet}'.")
    codes: dict[Effect, np.ndarray] = {}
    for effect in design.effects:
        codes[effect] = _joint([single[facet] for facet in sorted(effect)])
    counts = {effect: np.bincount(found) for effect, found in codes.items()}
    found = Cells(design, y[kept], codes, counts)
    if found.n and found.number(design.effects[-1]) < found.n:
        raise ValueError(
            "Several scores share one cell of the design: name the facet that tells them apart, "
            "or take their mean first."
        )
    return found


def _joint(parts: list[np.ndarray]) -> np.ndarray:
    found = parts[0]
    for part in parts[1:]:
        if len(part) == 0:
            return part
        found = pd.factorize(found * (part.max() + 1) + part)[0].astype(np.int64)
    return found


@dataclass(frozen=True)
class Squares:
    """Analogous analysis of variance: ``expected`` @ components = E(mean squares)."""

    df: np.ndarray
    ms: np.ndarray
    expected: np.ndarray


def squares(found: Cells) -> Squares:
    """Sums of squares from T(α) = Σ_cells (sum² / n), each effect less those that it contains.

    E T(α) − E T(μ) = Σ_β (k(α, β) − k(μ, β)) σ²(β), k(α, β) = Σ_{cells of α∪β} n² / n_α.
    In balanced designs these are the usual mean squares and their expectations; in others those of
    Henderson's method 1, whose degrees of freedom are counts of cells.
    Source: Henderson (1953), Biometrics 9, 226–252; Searle (1971), Linear Models, ch. 10–11;
    Brennan (2001), Generalizability Theory, §§3.4, 7.1.
    """
    effects, n = found.design.effects, found.n
    # From the mean, so that T(μ) is 0 and large scores cost no digits.
    y = found.y - found.y.mean()
    t = np.array([(np.bincount(found.codes[e], y) ** 2 / found.counts[e]).sum() for e in effects])
    k = np.empty((len(effects), len(effects)))
    for i, a in enumerate(effects):
        for j, b in enumerate(effects):
            k[i, j] = _expected(found, a, b) - (found.counts[b] ** 2.0).sum() / n
    number = np.array([found.number(e) - 1.0 for e in effects])
    for i, effect in enumerate(effects):
        for j in range(i):
            if effects[j] < effect:
                t[i] -= t[j]
                k[i] -= k[j]
                number[i] -= number[j]
    safe = np.where(number > 0, number, 1.0)
    return Squares(number, t / safe, k / safe[:, None])


def _expected(found: Cells, a: Effect, b: Effect) -> float:
    union, inside = found.codes[a | b], found.counts[a | b]
    first = np.zeros(len(inside), dtype=np.int64)
    first[union] = found.codes[a]
    return float((inside**2.0 / found.counts[a][first]).sum())
