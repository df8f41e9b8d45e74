"""Do the answers to each item look as the model says?"""

from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from measurement.irt.information import eap_scores
from measurement.irt.likelihood import Population
from measurement.irt.marginal import NODES, MarginalFit
from measurement.irt.persons import as_codes, moments, person_measures
from measurement.irt.rasch import RaschFit

FIT_COLUMNS = ["n", "outfit", "outfit_z", "infit", "infit_z"]
S_X2_COLUMNS = ["n", "chi2", "df", "p", "rmsea"]


def item_fit(fit: RaschFit, data: pd.DataFrame) -> pd.DataFrame:
    """Mean squares of the residuals of each item (index), about 1 where the model holds.

    Columns: n (answers of rows not at either end of the scale), outfit (mean of (x − E)²/V; far
    answers weigh most), infit (Σ(x − E)² / ΣV; near answers weigh most), and z of each (cube-root
    transformation). At the ML measures of the same rows, so means lie somewhat below 1, more so
    on short scales.
    Source: Wright & Masters (1982), Rating Scale Analysis, ch. 5. Checked against R eRm 1.0-2: see
    ``docs/measurement/item-fit.md``.
    """
    if not fit.sufficient:
        return pd.DataFrame(columns=FIT_COLUMNS, dtype=float).rename_axis("item")
    measures = person_measures(data, fit.curves, fit.values)
    inner = measures["theta_ml"].notna().to_numpy()
    codes, theta = as_codes(data, fit.values)[inner], measures["theta_ml"].to_numpy()[inner]
    points, which = np.unique(theta, return_inverse=True)
    mean, variance, _, fourth = (m.T[which] for m in moments(list(fit.curves.values()), points))
    given = codes >= 0
    n = given.sum(axis=0)
    square = np.where(given, (codes - mean) ** 2, 0)
    total = np.where(given, variance, 0).sum(axis=0)
    outfit, infit = (square / variance).sum(axis=0) / n, square.sum(axis=0) / total
    outfit_var = np.where(given, fourth / variance**2, 0).sum(axis=0) / n**2 - 1 / n
    infit_var = np.where(given, fourth - variance**2, 0).sum(axis=0) / total**2
    return pd.DataFrame(
        {
            "n": n,
            "outfit": outfit,
            "outfit_z": _cube_root_z(outfit, outfit_var),
            "infit": infit,
            "infit_z": _cube_root_z(infit, infit_var),
        },
        index=pd.Index(fit.curves, name="item"),
    )


def _cube_root_z(mean_square: np.ndarray, variance: np.ndarray) -> np.ndarray:
    q = np.sqrt(np.where(variance > 0, variance, np.nan))
    found: np.ndarray = (np.cbrt(mean_square) - 1) * 3 / q + q / 3
    return found


def q3(fit: MarginalFit, data: pd.DataFrame) -> pd.DataFrame:
    """Correlation of what two items have left when θ is taken out: first, second, n, q3, above.

    Residuals are x − E(x | EAP of the row), over the rows with both answers; sorted by q3, highest
    first. Independent items are about −1/(k−1) apart, so ``above`` = q3 − mean of all q3; own rule
    of thumb, after Christensen, Makransky & Horton (2017), Appl. Psychol. Meas. 41, 178–194: look
    at pairs above .2. Source: Yen (1984), Appl. Psychol. Meas. 8, 125–145.
    """
    theta = eap_scores(fit, data)["eap"].to_numpy()
    codes = as_codes(data, fit.values)
    rows = []
    if fit.sufficient:
        expected = moments(list(fit.curves.values()), np.nan_to_num(theta))[0].T
        left = pd.DataFrame(
            np.where(codes >= 0, codes - expected, np.nan), columns=list(fit.values)
        )
        names, together = list(fit.values), left.corr().to_numpy()
        given = left.notna().astype(float)
        n = (given.T @ given).to_numpy()
        rows = [
            (names[one], names[two], int(n[one, two]), together[one, two])
            for one, two in combinations(range(len(names)), 2)
        ]
    found = pd.DataFrame(rows, columns=["first", "second", "n", "q3"])
    found["above"] = found["q3"] - found["q3"].mean()
    return found.sort_values("q3", ascending=False, ignore_index=True)


def s_x2(
    fit: MarginalFit, data: pd.DataFrame, minimum_expected: float = 1.0, nodes: int = NODES
) -> pd.DataFrame:
    """Observed against expected answers at each raw score, item by item (index): n, chi2, df, p,
    rmsea (√max(0, (χ²/df − 1)/(n − 1))).

    Over rows that answered every item. Expected shares of item j at score s:
    ∫P_jc S*_{s−c} φ / ∫S_s φ, S and S* the distributions of the score with and without the item
    (recursion of Lord & Wingersky 1984). Neighbouring codes at one score are put together until
    each cell expects ``minimum_expected``; a score with one cell left says nothing. df = cells −
    scores used − parameters of the item. NaN where no df are left.
    Source: Orlando & Thissen (2000), Appl. Psychol. Meas. 24, 50–64; Kang & Chen (2008), J. Educ.
    Meas. 45, 391–406, for items with more steps.
    """
    if not fit.sufficient:
        return pd.DataFrame(columns=S_X2_COLUMNS, dtype=float).rename_axis("item")
    codes = as_codes(data, fit.values)
    codes = codes[(codes >= 0).all(axis=1)]
    population = Population.normal(nodes, fit.sd)
    curves = [curve.probabilities(population.theta) for curve in fit.curves.values()]
    size = 1 + sum(len(curve) - 1 for curve in curves)
    scores = codes.sum(axis=1)
    whole = np.bincount(scores, minlength=size) / (_score_shares(curves, size) @ population.mass)
    rows = []
    for j, own in enumerate(curves):
        observed, expected = np.zeros((size, len(own))), np.zeros((size, len(own)))
        np.add.at(observed, (scores, codes[:, j]), 1)
        rest = _score_shares(curves[:j] + curves[j + 1 :], size)
        for c, share in enumerate(own):
            expected[c:, c] = whole[c:] * ((rest[: size - c] * share) @ population.mass)
        parameters = len(own) - 1 + (fit.slopes == "own")
        rows.append(_s_x2_row(observed, expected, parameters, minimum_expected))
    found = pd.DataFrame(rows, columns=["chi2", "df"], index=pd.Index(fit.curves, name="item"))
    found.insert(0, "n", len(codes))
    found["p"] = stats.chi2.sf(found["chi2"], found["df"])
    found["rmsea"] = np.sqrt((found["chi2"] / found["df"] - 1).clip(lower=0) / (len(codes) - 1))
    return found


def _score_shares(curves: list[np.ndarray], size: int) -> np.ndarray:
    """How likely each score is at each node, scores × nodes (Lord & Wingersky 1984)."""
    found = np.zeros((size, curves[0].shape[1]))
    found[0] = 1.0
    for curve in curves:
        longer = curve[0] * found
        for c in range(1, len(curve)):
            longer[c:] += curve[c] * found[:-c]
        found = longer
    return found


def _s_x2_row(
    observed: np.ndarray, expected: np.ndarray, parameters: int, minimum: float
) -> tuple[float, float]:
    """χ² over the cells that expect enough, and its degrees of freedom (NaN where none)."""
    chi2, df = 0.0, -parameters
    for seen, due in zip(observed[1:-1], expected[1:-1], strict=True):
        # A cell ends where it expects enough; what is left at the top joins the last one.
        ends, total = [0], 0.0
        for c, more in enumerate(due, start=1):
            total += more
            if total >= minimum:
                ends, total = [*ends, c], 0.0
        if len(ends) > 2:
            seen_cells = np.add.reduceat(seen, ends[:-1])
            due_cells = np.add.reduceat(due, ends[:-1])
            chi2 += float(((seen_cells - due_cells) ** 2 / due_cells).sum())
            df += len(ends) - 2
    return (chi2, df) if df > 0 else (np.nan, np.nan)
