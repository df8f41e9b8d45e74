"""The shortest honest way with arrays: no labels, no gaps, no guards, no interval that is not asked
for. What a person would write who needs this one number of these data."""

import numpy as np
from scipy import optimize, stats

from tests.benchmarks.measurement.data import CENTRES, RESAMPLES, ROOMS, SEED, Country
from tests.benchmarks.measurement.graded import graded
from tests.benchmarks.measurement.timing import Values, tell


def alpha(made: Country) -> Values:
    return {"alpha": _alpha(np.cov(made.items.to_numpy(), rowvar=False))}


def alpha_centres(made: Country) -> Values:
    x, centre = made.items.to_numpy(), made.sessions["centre"].to_numpy()
    order = np.argsort(centre, kind="stable")
    blocks = np.split(x[order], np.cumsum(np.bincount(centre))[:-1])
    products = np.array([block.T @ block for block in blocks])
    firsts = np.array([block.sum(axis=0) for block in blocks])
    weights = _weights()
    n = (weights @ [len(block) for block in blocks])[:, None, None]
    first = weights @ firsts
    product = (weights @ products.reshape(CENTRES, -1)).reshape(RESAMPLES, *products.shape[1:])
    drawn = _alpha((product - first[:, :, None] * first[:, None, :] / n) / (n - 1))
    whole = _alpha(np.cov(x, rowvar=False))
    factor = np.exp(_t() * np.log(1 - drawn).std(ddof=1))
    return {"alpha": whole, "low": 1 - (1 - whole) * factor, "high": 1 - (1 - whole) / factor}


def icc_forms(made: Country) -> Values:
    x = made.by_room.to_numpy()
    n, k = x.shape
    rows, columns = x.mean(axis=1), x.mean(axis=0)
    between = k * rows.var(ddof=1)
    within = ((x - rows[:, None]) ** 2).sum() / (n * (k - 1))
    observers = n * columns.var(ddof=1)
    error = (within * n * (k - 1) - observers * (k - 1)) / ((n - 1) * (k - 1))
    return {
        "ICC(1,1)": (between - within) / (between + (k - 1) * within),
        "ICC(2,1)": (between - error) / (between + (k - 1) * error + k * (observers - error) / n),
        "ICC(3,1)": (between - error) / (between + (k - 1) * error),
        "ICC(3,k)": (between - error) / between,
    }


def icc_centres(made: Country) -> Values:
    score, room = made.sessions["score"].to_numpy(), made.sessions["room"].to_numpy()
    n, x, xx = (np.bincount(room, values) for values in (None, score, score**2))
    centre = np.zeros(ROOMS, dtype=int)
    centre[room] = made.sessions["centre"]
    columns = (np.ones(ROOMS), n, x, xx, x**2 / n, n**2)
    sums = np.column_stack([np.bincount(centre, column) for column in columns])
    (b,), (w,), (size,) = _squares(sums.sum(axis=0)[None])
    drawn_b, drawn_w, _sizes = _squares(_weights() @ sums)
    half = _t() * np.log(drawn_b / drawn_w).std(ddof=1)
    ratios = b / w * np.exp(half * np.array([0.0, -1.0, 1.0]))
    value, low, high = (ratios - 1) / (ratios + size - 1)
    return {"ICC(1,1)": value, "low": low, "high": high}


def mixed(made: Country) -> Values:
    """REML of rooms in centres, the nested blocks inverted by hand, from sums per room."""
    score, room = made.sessions["score"].to_numpy(), made.sessions["room"].to_numpy()
    n, total = np.bincount(room), np.bincount(room, score)
    mean, centre = total / n, np.zeros(ROOMS, dtype=int)
    centre[room] = made.sessions["centre"]
    inside = ((score - mean[room]) ** 2).sum()
    rows = len(score)

    def at(sds: np.ndarray) -> tuple[float, float, float]:
        of_room, of_centre = sds**2  # in units of the residual variance
        w = n / (1 + n * of_room)
        whole = np.bincount(centre, w)
        kept = w / (1 + of_centre * whole)[centre]  # 1'V⁻¹ of the room's mean
        grand = kept @ mean / kept.sum()
        apart = mean - grand
        pulled = np.bincount(centre, w * apart)
        rss = inside + w @ apart**2 - of_centre * (pulled**2 / (1 + of_centre * whole)).sum()
        determinant = np.log1p(n * of_room).sum() + np.log1p(of_centre * whole).sum()
        sigma2 = rss / (rows - 1)
        deviance = determinant + np.log(kept.sum()) + (rows - 1) * (1 + np.log(2 * np.pi * sigma2))
        return deviance, grand, sigma2

    found = optimize.minimize(lambda sds: at(sds)[0], np.ones(2), bounds=[(0, None)] * 2)
    deviance, grand, sigma2 = at(found.x)
    sigma = np.sqrt(sigma2)
    room_sd, centre_sd = sigma * found.x
    return {
        "mean": grand,
        "criterion": deviance,
        "room": room_sd,
        "centre": centre_sd,
        "Residual": sigma,
    }


def survey(made: Country) -> Values:
    """One stage: centres drawn within regions, without return."""
    told = made.sessions
    y, w = told["score"].to_numpy(), told["weight"].to_numpy()
    centre, rows = told["centre"].to_numpy(), len(told)
    whole = w.sum()
    mean = w @ y / whole
    z = np.bincount(centre, w * (y - mean)) / whole
    region, there = np.zeros(CENTRES, dtype=int), np.zeros(CENTRES)
    region[centre], there[centre] = told["region"], told["centres"]
    m = np.bincount(region)
    apart = z - (np.bincount(region, z) / m)[region]
    factor = (m / (m - 1))[region] * (1 - m[region] / there)
    se = np.sqrt(factor @ apart**2)
    simple = rows / (rows - 1) * (w @ (y - mean) ** 2) / whole / rows * (whole - rows) / whole
    return {"mean": mean, "se": se, "deff": se**2 / simple}


def _alpha(covariance: np.ndarray) -> np.ndarray:
    k = covariance.shape[-1]
    own = covariance.trace(axis1=-2, axis2=-1)
    return k / (k - 1) * (1 - own / covariance.sum(axis=(-2, -1)))


def _weights() -> np.ndarray:
    """How often each centre is drawn in each resample."""
    drawn = np.random.default_rng(SEED).integers(CENTRES, size=(RESAMPLES, CENTRES))
    place = drawn + CENTRES * np.arange(RESAMPLES)[:, None]
    counts = np.bincount(place.ravel(), minlength=RESAMPLES * CENTRES)
    return counts.reshape(RESAMPLES, CENTRES).astype(float)


def _t() -> float:
    return float(stats.t.ppf(0.975, CENTRES - 1))


def _squares(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rooms, n, x, xx, between, squared = sums.T
    return (
        (between - x**2 / n) / (rooms - 1),
        (xx - between) / (n - rooms),
        (n - squared / n) / (rooms - 1),
    )


if __name__ == "__main__":
    tell(
        {
            "alpha": alpha,
            "alpha_centres": alpha_centres,
            "icc": icc_forms,
            "icc_centres": icc_centres,
            "mixed": mixed,
            "survey": survey,
            "graded": graded,
        }
    )
