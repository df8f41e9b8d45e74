"""The rows and columns of a clustered regression, and what each cluster adds to its errors."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from measurement.estimates import Reason

INTERCEPT = "intercept"
# A column is a combination of others when less than this share of its length is its own.
DEPENDENT = 1e-9

Vector = Sequence[float] | np.ndarray | pd.Series
Labels = Sequence[Hashable] | np.ndarray | pd.Series


@dataclass(frozen=True)
class Rows:
    """Rows that enter, sorted by cluster. ``starts``: where each cluster begins (G + 1 numbers).

    ``nested``: codes of the absorbed effects that each lie in one cluster; ``crossed``: the others.
    """

    y: np.ndarray
    x: np.ndarray
    w: np.ndarray
    starts: np.ndarray
    nested: list[np.ndarray]
    crossed: list[np.ndarray]
    why_empty: Reason = Reason.ALL_MISSING

    @property
    def g(self) -> int:
        return len(self.starts) - 1

    @property
    def equal_weights(self) -> bool:
        return bool((self.w == 1).all())

    def parts(self) -> list[slice]:
        """The rows of each cluster."""
        return [slice(a, b) for a, b in zip(self.starts[:-1], self.starts[1:], strict=True)]


@dataclass(frozen=True)
class Design:
    """Outcome and columns after nested effects are taken out.

    ``u``: the named columns first, indicators of crossed effects behind them. ``rank`` counts
    absorbed effects too. ``fitted``: per cluster the matrix that fits its nested effects (None
    where there are none).
    """

    y: np.ndarray
    u: np.ndarray
    names: tuple[str, ...]
    dropped: tuple[str, ...]
    rank: int
    fitted: list[np.ndarray] | None


def rows(
    y: Vector,
    x: pd.DataFrame,
    clusters: Labels,
    absorb: pd.DataFrame | pd.Series | None,
    weights: Vector | None,
) -> Rows:
    """Complete rows with a positive weight, in the order of their clusters."""
    values, columns = np.asarray(y, dtype=float), _numbers(x)
    w = np.ones(len(values)) if weights is None else np.asarray(weights, dtype=float)
    groups, effects = pd.Series(np.asarray(clusters)), _effects(absorb, len(values))
    if values.ndim != 1 or not len(values) == len(columns) == len(w) == len(groups):
        raise ValueError("Outcome, columns, clusters and weights must have one entry for each row.")
    if np.isinf(values).any() or np.isinf(columns).any():
        raise ValueError("Outcome and columns must be finite numbers, or missing.")
    if not np.isfinite(w).all() or (w < 0).any():
        raise ValueError("Weights must be numbers that are not negative.")
    complete = ~(np.isnan(values) | np.isnan(columns).any(axis=1))
    kept = complete & (w > 0)
    if kept.any() and np.ptp(w[kept]) == 0:
        w = np.where(kept, 1.0, w)
    if groups[kept].isna().any() or any(effects[name][kept].isna().any() for name in effects):
        raise ValueError("Every row needs its cluster and each of the effects to be absorbed.")
    codes = pd.factorize(groups[kept])[0]
    order = np.argsort(codes, kind="stable")
    codes, starts = codes[order], np.flatnonzero(np.diff(codes[order], prepend=-1))
    nested: list[np.ndarray] = []
    crossed: list[np.ndarray] = []
    for name in effects.columns:
        level = pd.factorize(effects.loc[kept, name])[0][order]
        together = len(np.unique(np.column_stack([level, codes]), axis=0))
        (nested if together == len(np.unique(level)) else crossed).append(level)
    why = Reason.ZERO_WEIGHTS if complete.any() else Reason.ALL_MISSING
    return Rows(
        values[kept][order],
        columns[kept][order],
        w[kept][order],
        np.append(starts, len(codes)),
        nested,
        crossed,
        why if len(values) else Reason.TOO_FEW_ROWS,
    )


def design(data: Rows, names: Sequence[str]) -> Design:
    """Takes nested effects out and leaves columns out that earlier ones already hold."""
    x, wanted = data.x, [str(name) for name in names]
    if not data.nested and not data.crossed and not _holds_constant(x):
        x, wanted = np.column_stack([np.ones(len(x)), x]), [INTERCEPT, *wanted]
    indicators = [np.equal.outer(level, np.unique(level)).astype(float) for level in data.crossed]
    first = np.column_stack([*indicators, np.empty((len(x), 0))])
    fitted, ranks = None, 0
    if len(data.nested) == 1 and data.equal_weights:
        (level,) = data.nested
        ranks = int(level.max()) + 1
        y, x_within, first_within = (_centred(part, level) for part in (data.y, x, first))
    else:
        fitted, ranks = _fitted(data) if data.nested else (None, 0)
        y, x_within, first_within = (_without(fitted, data, part) for part in (data.y, x, first))
    scale = np.sqrt(data.w)[:, None]
    lengths = np.linalg.norm(scale * np.column_stack([first, x]), axis=0)
    kept = _independent(scale * np.column_stack([first_within, x_within]), lengths)
    effects, own = kept[: first.shape[1]], kept[first.shape[1] :]
    u = np.column_stack([x_within[:, own], first_within[:, effects]])
    found = [name for name, good in zip(wanted, own, strict=True) if good]
    dropped = [name for name, good in zip(wanted, own, strict=True) if not good]
    return Design(y, u, tuple(found), tuple(dropped), u.shape[1] + ranks, fitted)


def contributions(
    data: Rows, found: Design, bread: np.ndarray, errors: np.ndarray, corrected: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """What each cluster adds to the error of each named coefficient, (k, G), and the moments of
    these sums under independent errors of equal variance: own (k, k, G), factors (k, G, 2p) and
    core (2p, 2p); see ``robust.Moments``. ``corrected`` puts A_g of CR2 in.

    With H = H_D + UMU'W (H_D fits the nested effects, U is free of them) the block (g, h) of
    (I−H)(I−H)' is [g = h] (I−H_D)(I−H_D)' − U_g M B_h' − B_g M U_h' + U_g M Ω M U_h',
    B = (I−H_D) W U and Ω = U'W²U.
    """
    p = found.u.shape[1]
    weigh = _by_sums if data.equal_weights else _by_rows
    wu = data.w[:, None] * found.u
    inner = bread @ (wu.T @ wu) @ bread
    core = np.block([[inner, -bread], [-bread, np.zeros((p, p))]])
    return *weigh(data, found, bread, inner, errors, corrected), core


def _by_sums(
    data: Rows,
    found: Design,
    bread: np.ndarray,
    _: np.ndarray,
    errors: np.ndarray,
    corrected: bool,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """With equal weights U'U and U'e of each cluster are all it takes, whatever its size.

    The block is then I − U_g M U_g' on all that U_g can reach, and A_g U_g = U_g (I + C_g S_g) with
    S = U_g'U_g, M = LL', L'SL = VΛV' and C = L V ((1−Λ)^−½ − 1)/Λ V'L'.
    """
    u, k, at = found.u, len(found.names), data.starts[:-1]
    p = u.shape[1]
    products = np.empty((data.g, p, p))
    for i in range(p):
        for j in range(i + 1):
            products[:, i, j] = np.add.reduceat(u[:, i] * u[:, j], at)
            products[:, j, i] = products[:, i, j]
    scores = np.add.reduceat(u * errors[:, None], at, axis=0)
    own = np.broadcast_to(bread[:k], (data.g, k, p))
    if corrected:
        root = np.linalg.cholesky(bread)
        values, vectors = np.linalg.eigh(root.T @ products @ root)
        left = 1 - values
        power = np.where(left > 1e-10, 1 / np.sqrt(np.where(left > 1e-10, left, 1.0)), 0.0)
        safe = np.where(values > 1e-8, values, 1.0)
        # Near 0 the quotient tends to 1/2, and rounding would make nonsense of it.
        change = np.where(values > 1e-8, (power - 1) / safe, 0.5)
        turned = root @ vectors
        middle = (turned * change[:, None, :]) @ turned.transpose(0, 2, 1)
        own = own + own @ products @ middle
    seen = own @ products
    z = np.einsum("gkp,gp->kg", own, scores)
    variance = (seen @ own.transpose(0, 2, 1)).transpose(1, 2, 0)
    halves = seen.transpose(1, 0, 2)
    return z, variance, np.concatenate([halves, halves], axis=2)


def _by_rows(
    data: Rows,
    found: Design,
    bread: np.ndarray,
    inner: np.ndarray,
    errors: np.ndarray,
    corrected: bool,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    u, k = found.u, len(found.names)
    p, g = u.shape[1], data.g
    wu = data.w[:, None] * u
    z, own, factors = np.empty((k, g)), np.empty((k, k, g)), np.empty((k, g, 2 * p))
    for i, part in enumerate(data.parts()):
        left = u[part]
        free = np.eye(len(left)) if found.fitted is None else np.eye(len(left)) - found.fitted[i]
        b = free @ wu[part]
        adjusted = wu[part]
        if corrected:
            cross = left @ bread @ b.T
            block = free @ free.T - cross - cross.T + left @ inner @ left.T
            adjusted = _inverse_root(block) @ adjusted
        rows_of = bread[:k] @ adjusted.T
        z[:, i] = rows_of @ errors[part]
        outside = rows_of @ free
        own[:, :, i] = outside @ outside.T
        factors[:, i] = np.column_stack([rows_of @ left, rows_of @ b])
    return z, own, factors


def _inverse_root(block: np.ndarray) -> np.ndarray:
    """Symmetric square root of the pseudo-inverse: a cluster's own effects leave it singular."""
    values, vectors = np.linalg.eigh(block)
    good = values > 1e-10
    return (vectors[:, good] / np.sqrt(values[good])) @ vectors[:, good].T


def _fitted(data: Rows) -> tuple[list[np.ndarray], int]:
    """Per cluster D (D'WD)⁺ D'W of its nested effects, and the rank of them all together."""
    found: list[np.ndarray] = []
    rank = 0
    for part in data.parts():
        columns = [np.equal.outer(level[part], np.unique(level[part])) for level in data.nested]
        root = np.sqrt(data.w[part])
        q, r, _ = np.linalg.svd(root[:, None] * np.column_stack(columns), full_matrices=False)
        q = q[:, r > 1e-10 * r[0]]
        found.append((q / root[:, None]) @ (q.T * root))
        rank += q.shape[1]
    return found, rank


def _without(fitted: list[np.ndarray] | None, data: Rows, columns: np.ndarray) -> np.ndarray:
    if fitted is None:
        return columns
    parts = zip(data.parts(), fitted, strict=True)
    return np.concatenate([columns[part] - fit @ columns[part] for part, fit in parts])


def _centred(columns: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Columns less their mean in each level."""
    if columns.ndim == 1:
        return columns - (np.bincount(level, columns) / np.bincount(level))[level]
    return np.column_stack([*(_centred(c, level) for c in columns.T), np.empty((len(columns), 0))])


def _independent(columns: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Which columns, from the left, are no combination of those before them."""
    kept = np.zeros(columns.shape[1], dtype=bool)
    basis = np.empty((len(columns), columns.shape[1]))
    for i in range(columns.shape[1]):
        q = basis[:, : kept.sum()]
        rest = columns[:, i] - q @ (q.T @ columns[:, i])
        rest -= q @ (q.T @ rest)
        length = np.linalg.norm(rest)
        if length > DEPENDENT * lengths[i] and kept.sum() < len(columns):
            basis[:, kept.sum()] = rest / length
            kept[i] = True
    return kept


def _holds_constant(x: np.ndarray) -> bool:
    """True for a column that never changes, and for indicators of every group."""
    indicators = x[:, ((x == 0) | (x == 1)).all(axis=0)]
    never_changes = ((x == x[:1]) & (x != 0)).all(axis=0).any()
    return bool(never_changes or (indicators.sum(axis=1) == 1).all())


def _numbers(x: pd.DataFrame) -> np.ndarray:
    try:
        return x.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ValueError("Columns must be numbers; make indicators of labels first.") from error


def _effects(absorb: pd.DataFrame | pd.Series | None, n: int) -> pd.DataFrame:
    if absorb is None:
        return pd.DataFrame(index=range(n))
    frame = pd.DataFrame(absorb).reset_index(drop=True)
    if len(frame) != n:
        raise ValueError("The effects to be absorbed must have one entry for each row.")
    return frame
