"""A mixed model of two crossed random factors, by restricted maximum likelihood (REML)."""

from dataclasses import dataclass

import numpy as np
from scipy import linalg, optimize, sparse

LARGEST_RATIO = 1e4  # of a factor's SD to the residual SD, beyond which the residual counts as 0


@dataclass(frozen=True)
class Crossed:
    """score = mean + target + rater + residual, each but the mean random and independent.

    ``variances``: of targets, raters, residual; 0 where the likelihood has its top there.
    ``covariance``: of the three log standard deviations, from the average information; None where
    a variance is 0 or the three cannot be told apart. ``rater_effects`` and ``rater_variances``:
    each rater's predicted effect (BLUP) and its variance given the estimated mean and variances.
    ``deviance``: −2 log restricted likelihood.
    """

    mean: float
    variances: np.ndarray
    covariance: np.ndarray | None
    rater_effects: np.ndarray
    rater_variances: np.ndarray
    deviance: float


class _Sums:
    """What the likelihood needs of the data. The larger factor is eliminated cell by cell, so only
    a matrix of the size of the smaller one (``b``) is ever dense."""

    def __init__(self, a: np.ndarray, b: np.ndarray, y: np.ndarray) -> None:
        self.a, self.b, self.n = a, b, len(y)
        self.x = np.column_stack([np.ones_like(y), y])
        self.cells = sparse.csr_array((np.ones(len(y)), (a, b)), shape=(a.max() + 1, b.max() + 1))
        self.ka, self.kb = np.bincount(a).astype(float), np.bincount(b).astype(float)
        # B'A diag(w) A'B, where w depends on the number of cells alone, is a sum over the sizes.
        self.sizes, self.size_of_a = np.unique(self.ka, return_inverse=True)
        alike = [self.cells[self.size_of_a == size] for size in range(len(self.sizes))]
        grams = [(own.T @ own).reshape(1, -1) for own in alike]
        self.grams = sparse.vstack(grams).T.tocsr()
        self.xa, self.xb = _sums(a, self.x), _sums(b, self.x)
        self.xx = self.x.T @ self.x


def _sums(codes: np.ndarray, columns: np.ndarray) -> np.ndarray:
    return np.column_stack([np.bincount(codes, column) for column in columns.T])


class _Point:
    """The likelihood at given ratios of both variances to the residual's.

    With V = I + ratio_a·AA' + ratio_b·BB' the residual variance is profiled out; see Bates et al.
    for the criterion. ``w`` eliminates the larger factor: (I + ratio_a·AA')⁻¹ = I − A diag(w) A'.
    """

    def __init__(self, sums: _Sums, ratios: np.ndarray) -> None:
        self.sums, (self.ratio_a, self.ratio_b) = sums, ratios
        self.shrunk = 1 / (1 + self.ratio_a * sums.sizes)
        self.u = self.shrunk[sums.size_of_a]
        self.w = self.ratio_a * self.u
        self.schur = np.diag(sums.kb) - self._gram(self.ratio_a * self.shrunk)
        inner = np.eye(len(sums.kb)) + self.ratio_b * self.schur
        self.factor = linalg.cho_factor(inner, lower=True)
        self.log_det = (
            np.log1p(self.ratio_a * sums.ka).sum() + 2 * np.log(np.diag(self.factor[0])).sum()
        )
        # B'V⁻¹X and A'V⁻¹X for X = (1, y)
        right = sums.xb - sums.cells.T @ (self.w[:, None] * sums.xa)
        self.from_b = linalg.cho_solve(self.factor, right)
        self.from_a = self.u[:, None] * (sums.xa - self.ratio_b * (sums.cells @ self.from_b))
        inside = sums.xx - sums.xa.T @ (self.w[:, None] * sums.xa)
        self.form = inside - self.ratio_b * right.T @ self.from_b  # X'V⁻¹X
        self.mean = self.form[0, 1] / self.form[0, 0]
        self.rss = self.form[1, 1] - self.form[0, 1] * self.mean

    def _gram(self, weights: np.ndarray) -> np.ndarray:
        """B'A diag(weight of each size) A'B."""
        return (self.sums.grams @ weights).reshape(len(self.sums.kb), -1)

    @property
    def criterion(self) -> float:
        """−2 log restricted likelihood, up to a constant, the residual variance profiled out."""
        return (self.sums.n - 1) * np.log(self.rss) + self.log_det + np.log(self.form[0, 0])

    @property
    def gradient(self) -> np.ndarray:
        """Derivatives of the criterion by both ratios."""
        inverse = linalg.cho_solve(self.factor, np.eye(len(self.sums.kb)))
        log_det = np.array(
            [
                (self.sums.ka * self.u).sum()
                - self.ratio_b * (inverse * self._gram(self.shrunk**2)).sum(),
                (inverse * self.schur).sum(),
            ]
        )
        ones, rest = np.array([1, 0]), np.array([-self.mean, 1])
        squares = [[((f @ v) ** 2).sum() for f in (self.from_a, self.from_b)] for v in (ones, rest)]
        by_mean, by_rss = np.array(squares)
        return log_det - by_mean / self.form[0, 0] - (self.sums.n - 1) * by_rss / self.rss

    def inverse_times(self, columns: np.ndarray) -> np.ndarray:
        """V⁻¹ times columns with one row per rating."""
        at_a, at_b = _sums(self.sums.a, columns), _sums(self.sums.b, columns)
        right = at_b - self.sums.cells.T @ (self.w[:, None] * at_a)
        from_b = self.ratio_b * linalg.cho_solve(self.factor, right)
        from_a = self.w[:, None] * (at_a - self.sums.cells @ from_b)
        return columns - from_a[self.sums.a] - from_b[self.sums.b]

    def effects(self, larger: bool) -> tuple[np.ndarray, np.ndarray]:
        """Predicted effects of a factor and, in units of the residual variance, their variances."""
        rest = np.array([-self.mean, 1])
        if not larger:
            inverse = linalg.cho_solve(self.factor, np.eye(len(self.sums.kb)))
            return self.ratio_b * self.from_b @ rest, self.ratio_b * np.diag(inverse)
        cells = self.sums.cells.toarray()
        solved = linalg.cho_solve(self.factor, cells.T).T
        seen = self.sums.ka * self.u - self.ratio_b * self.u**2 * (cells * solved).sum(axis=1)
        return self.ratio_a * self.from_a @ rest, self.ratio_a * (1 - self.ratio_a * seen)


def crossed_reml(targets: np.ndarray, raters: np.ndarray, scores: np.ndarray) -> Crossed | None:
    """REML of two crossed random intercepts, any pattern of cells; None where it fails.

    ``targets`` and ``raters``: codes 0, 1, 2 … without holes, one per score. The scores must vary
    and neither factor may have one level or as many as there are scores; see ``icc_incomplete``
    for the guards. Criterion as Bates et al., its maximum by exact gradients in the standard
    deviations relative to the residual's.
    Source: Patterson & Thompson (1971), Biometrika 58, 545–554; Bates, Mächler, Bolker & Walker
    (2015), J. Stat. Softw. 67(1); average information Gilmour, Thompson & Cullis (1995),
    Biometrics 51, 1440–1450. Checked against R lme4 1.1-31: see ``icc_incomplete``; predicted
    effects and their variances to 6 digits.
    """
    flipped = targets.max() < raters.max()
    centre, unit = scores.mean(), scores.std()
    a, b = (raters, targets) if flipped else (targets, raters)
    sums = _Sums(a, b, (scores - centre) / unit)
    ratios = _best(sums)
    if ratios is None:
        return None
    point = _Point(sums, ratios)
    residual = point.rss / (sums.n - 1)
    information = _information(point, residual)
    variances = residual * np.array([*ratios, 1.0])
    covariance = None if information is None else linalg.inv(information)
    effects, spread = point.effects(larger=bool(flipped))
    if flipped:
        variances = variances[[1, 0, 2]]
        covariance = None if covariance is None else covariance[np.ix_([1, 0, 2], [1, 0, 2])]
    constant = (sums.n - 1) * (1 + np.log(2 * np.pi * unit**2 / (sums.n - 1)))
    return Crossed(
        centre + unit * point.mean,
        unit**2 * variances,
        covariance,
        unit * effects,
        unit**2 * residual * spread,
        point.criterion + constant,
    )


def _best(sums: _Sums) -> np.ndarray | None:
    """The ratios at which the criterion is lowest."""

    def criterion(sd: np.ndarray) -> tuple[float, np.ndarray]:
        point = _Point(sums, sd**2)
        return point.criterion, 2 * sd * point.gradient

    sd = np.ones(2)
    for _ in range(5):
        found = optimize.minimize(
            criterion,
            sd,
            jac=True,
            method="L-BFGS-B",
            bounds=[(0, LARGEST_RATIO)] * 2,
            options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 500},
        )
        sd = np.where(found.x < 1e-5, 0, found.x)
        # By the SD the criterion is flat at 0: its slope by the variance says whether 0 is right.
        leaving = (sd == 0) & (_Point(sums, sd**2).gradient < 0)
        if not leaving.any():
            return None if sd.max() >= LARGEST_RATIO else sd**2
        sd = np.where(leaving, 0.1, sd)
    return None


def _information(point: _Point, residual: float) -> np.ndarray | None:
    """Average information of the three log standard deviations; None if a variance is 0, or if
    the ratings are too few to tell the three apart."""
    if min(point.ratio_a, point.ratio_b) == 0:
        return None
    sums = point.sums
    ones = point.inverse_times(sums.x[:, :1])

    def projected(columns: np.ndarray) -> np.ndarray:
        solved = point.inverse_times(columns)
        return (solved - ones * (ones.T @ columns) / point.form[0, 0]) / residual

    p_y = projected(sums.x[:, 1:])
    at_a, at_b = _sums(sums.a, p_y)[sums.a], _sums(sums.b, p_y)[sums.b]
    working = np.column_stack([at_a, at_b, p_y])
    steps = 2 * residual * np.array([point.ratio_a, point.ratio_b, 1.0])  # d σ² / d log σ
    information = steps[:, None] * steps * (working.T @ projected(working)) / 2
    return information if np.linalg.cond(information) < 1e10 else None
