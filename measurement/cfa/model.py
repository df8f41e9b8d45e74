"""Which item stands for which factor, and what covariances that implies."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

LOADING, RESIDUAL, FACTOR = "loading", "residual", "factor"
INTERCEPT, MEAN, THRESHOLD, SCALE = "intercept", "mean", "threshold", "scale"


@dataclass(frozen=True)
class Model:
    """A measurement model: each factor with the items that stand for it.

    An item may stand for several factors; with ``orthogonal`` that gives a bifactor model. The
    scale of a factor comes from its first item (``identification="marker"``: loading 1) or from
    the factor itself ("variance": variance 1); fit is the same. ``residual_covariances`` are pairs
    of items that share more than their factors.
    """

    factors: Mapping[str, Sequence[str]]
    identification: str = "marker"
    residual_covariances: Sequence[tuple[str, str]] = ()
    orthogonal: bool = False

    def __post_init__(self) -> None:
        if self.identification not in ("marker", "variance"):
            raise ValueError('The scale of a factor comes from a "marker" or from its "variance".')
        if not self.factors:
            raise ValueError("A model needs at least one factor.")
        for factor, items in self.factors.items():
            if isinstance(items, str) or not items:
                raise ValueError(f"Factor {factor!r} needs a list of items.")
            if len(set(items)) < len(items):
                raise ValueError(f"Factor {factor!r} names an item twice.")
        if set(self.factors) & set(self.items):
            raise ValueError("A factor cannot have the name of an item.")
        pairs = [frozenset(pair) for pair in self.residual_covariances]
        if any(len(pair) != 2 or not pair <= set(self.items) for pair in pairs):
            raise ValueError("A residual covariance joins two different items of the model.")
        if len(set(pairs)) < len(pairs):
            raise ValueError("A residual covariance is named twice.")

    @property
    def items(self) -> list[str]:
        """All items, in the order in which the factors name them."""
        return list(dict.fromkeys(item for own in self.factors.values() for item in own))

    def layout(
        self, *, means: bool = False, thresholds: Mapping[Hashable, int] | None = None
    ) -> "Layout":
        """The parameters in the order of the table: loadings, residual variances and covariances,
        factor variances and covariances; then, with ``means``, intercepts and factor means. With
        ``thresholds`` (item: how many) the items are ordered categories: thresholds, intercepts,
        factor means and scales of the responses beneath them, whose residual variances follow
        from the rest."""
        items, factors = self.items, list(self.factors)
        at = {name: place for place, name in enumerate(items)}
        rows: list[Row] = [
            (factor, "=~", item, LOADING, at[item], j)
            for j, (factor, own) in enumerate(self.factors.items())
            for item in own
        ]
        if thresholds is None:
            rows += [(name, "~~", name, RESIDUAL, i, i) for i, name in enumerate(items)]
        rows += [(a, "~~", b, RESIDUAL, at[a], at[b]) for a, b in self.residual_covariances]
        rows += [(name, "~~", name, FACTOR, j, j) for j, name in enumerate(factors)]
        rows += [
            (factors[j], "~~", factors[k], FACTOR, j, k)
            for j in range(len(factors))
            for k in range(j + 1, len(factors))
        ]
        if thresholds is not None:
            steps = [(name, step) for name in items for step in range(1, thresholds[name] + 1)]
            rows += [
                (name, "|", f"t{step}", THRESHOLD, place, at[name])
                for place, (name, step) in enumerate(steps)
            ]
        if means or thresholds is not None:
            rows += [(name, "~1", "", INTERCEPT, i, 0) for i, name in enumerate(items)]
            rows += [(name, "~1", "", MEAN, j, 0) for j, name in enumerate(factors)]
        if thresholds is not None:
            rows += [(name, "~*~", name, SCALE, i, 0) for i, name in enumerate(items)]
        return Layout(tuple(items), tuple(factors), tuple(rows))


Row = tuple[str, str, str, str, int, int]


@dataclass(frozen=True)
class Matrices:
    """Λ, Φ, Θ, ν, α, the thresholds and the scales of one group."""

    loading: np.ndarray
    factor: np.ndarray
    residual: np.ndarray
    intercept: np.ndarray
    mean: np.ndarray
    threshold: np.ndarray
    scale: np.ndarray


@dataclass(frozen=True)
class Layout:
    """Where each of R parameters stands in the matrices of one group of p items, m factors.

    ``rows``: lhs, op, rhs as in a parameter table, then block, row and column.
    """

    items: tuple[str, ...]
    factors: tuple[str, ...]
    rows: tuple[Row, ...]

    @cached_property
    def _places(self) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
        blocks = np.array([row[3] for row in self.rows])
        i, j = np.array([row[4] for row in self.rows]), np.array([row[5] for row in self.rows])
        found = {block: np.flatnonzero(blocks == block) for block in BLOCKS}
        return {block: (r, i[r], j[r]) for block, r in found.items()}

    def at(self, block: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The parameters of a block: their positions in the table, rows and columns."""
        return self._places[block]

    def variances(self, block: str) -> np.ndarray:
        """The positions of the variances among a block's parameters."""
        r, i, j = self.at(block)
        return r[i == j]

    def within(self, blocks: Collection[str]) -> np.ndarray:
        """Which parameters are in these blocks, shape (R,); of covariances only variances are."""
        found = np.zeros(len(self.rows), bool)
        for block in blocks:
            covariances = block in (RESIDUAL, FACTOR)
            found[self.variances(block) if covariances else self.at(block)[0]] = True
        return found

    @property
    def ordinal(self) -> bool:
        return len(self.at(THRESHOLD)[0]) > 0

    @cached_property
    def threshold_item(self) -> np.ndarray:
        """The item of each threshold."""
        return self.at(THRESHOLD)[2]

    def matrices(self, values: np.ndarray) -> Matrices:
        p, m = len(self.items), len(self.factors)
        loading = self._filled(LOADING, values, (p, m))
        factor = self._filled(FACTOR, values, (m, m), symmetric=True)
        residual = self._filled(RESIDUAL, values, (p, p), symmetric=True)
        scale = values[self.at(SCALE)[0]] if self.ordinal else np.ones(p)
        if self.ordinal:
            common = np.einsum("ij,jk,ik->i", loading, factor, loading)
            residual = residual + np.diag(1 / scale**2 - common)
        return Matrices(
            loading,
            factor,
            residual,
            self._vector(INTERCEPT, values, p),
            self._vector(MEAN, values, m),
            self._vector(THRESHOLD, values, 0),
            scale,
        )

    def _filled(
        self, block: str, values: np.ndarray, shape: tuple[int, int], symmetric: bool = False
    ) -> np.ndarray:
        r, i, j = self.at(block)
        matrix = np.zeros(shape, values.dtype)
        matrix[i, j] = values[r]
        if symmetric:
            matrix[j, i] = values[r]
        return matrix

    def _vector(self, block: str, values: np.ndarray, size: int) -> np.ndarray:
        """A block's values; zeros where the layout does not have it."""
        r = self.at(block)[0]
        return values[r] if len(r) else np.zeros(size)

    def covariance(self, values: np.ndarray) -> np.ndarray:
        """Σ = Λ Φ Λ' + Θ, shape (p, p); of the responses beneath the categories for ordinal."""
        own = self.matrices(values)
        return own.loading @ own.factor @ own.loading.T + own.residual

    def mean(self, values: np.ndarray) -> np.ndarray:
        """μ = ν + Λ α, shape (p,)."""
        own = self.matrices(values)
        return own.intercept + own.loading @ own.mean

    def covariance_slopes(self, values: np.ndarray) -> np.ndarray:
        """dΣ/dθ, shape (R, p, p). For ordinal items only the cells off the diagonal count."""
        own = self.matrices(values)
        slopes = np.zeros((len(self.rows), len(self.items), len(self.items)), values.dtype)
        r, i, j = self.at(LOADING)
        by_item = (own.loading @ own.factor).T[j]
        slopes[r, i] += by_item
        slopes[r, :, i] += by_item
        r, i, j = self.at(FACTOR)
        outer = own.loading.T[i][:, :, None] * own.loading.T[j][:, None, :]
        slopes[r] = np.where((i == j)[:, None, None], outer, outer + outer.swapaxes(1, 2))
        r, i, j = self.at(RESIDUAL)
        slopes[r, i, j] = 1
        slopes[r, j, i] = 1
        return slopes

    def mean_slopes(self, values: np.ndarray) -> np.ndarray:
        """dμ/dθ, shape (R, p)."""
        own = self.matrices(values)
        slopes = np.zeros((len(self.rows), len(self.items)), values.dtype)
        r, i, j = self.at(LOADING)
        slopes[r, i] = own.mean[j]
        r, i, _ = self.at(INTERCEPT)
        slopes[r, i] = 1
        r, j, _ = self.at(MEAN)
        slopes[r] = own.loading.T[j]
        return slopes

    def standardised(self, values: np.ndarray) -> np.ndarray:
        """Each parameter where items and factors have variance 1; NaN behind a negative variance.

        λ·√φ_jj/√σ_ii, θ_ii/σ_ii, θ_ij/√(θ_ii θ_jj), φ_jk/√(φ_jj φ_kk), ν/√σ_ii, α/√φ_jj. Works for
        complex values too, which is how its slopes are found.
        """
        with np.errstate(invalid="ignore"):  # complex division by NaN warns, real does not
            return self._standardised(values)

    def _standardised(self, values: np.ndarray) -> np.ndarray:
        own = self.matrices(values)
        item = _root(np.diag(own.loading @ own.factor @ own.loading.T + own.residual))
        factor, error = _root(np.diag(own.factor)), _root(np.diag(own.residual))
        found = values.copy()
        r, i, j = self.at(LOADING)
        found[r] *= factor[j] / item[i]
        r, i, j = self.at(FACTOR)
        found[r] /= factor[i] * factor[j]
        r, i, j = self.at(RESIDUAL)
        found[r] /= np.where(i == j, item[i] ** 2, error[i] * error[j])
        for block, unit in ((INTERCEPT, item), (MEAN, factor)):
            r, i, _ = self.at(block)
            found[r] /= unit[i]
        r, _, i = self.at(THRESHOLD)
        found[r] /= item[i]
        found[self.at(SCALE)[0]] = 1.0
        return found


BLOCKS = (LOADING, RESIDUAL, FACTOR, INTERCEPT, MEAN, THRESHOLD, SCALE)


def _root(variances: np.ndarray) -> np.ndarray:
    return np.sqrt(np.where(variances.real > 0, variances, np.nan))
