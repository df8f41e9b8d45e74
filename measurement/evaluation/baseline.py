"""Where groups started: what chance alone would bring back, and how to compare from there."""

import numpy as np
import pandas as pd

from measurement.estimates import Estimate, Reason
from measurement.indicators import MINIMUM_CLUSTERS, cluster_mean

# A group that starts further than this from the rest (in SD) was not simply taken as it came.
SELECTED = 0.25


def return_to_mean(
    first: np.ndarray, chosen: np.ndarray, reliability: float
) -> tuple[float, float]:
    """Gain of the chosen that chance alone would give, and its share of the spread of first scores.

    (1 − ρ) (x̄ − x̄_chosen): scores that were low partly by chance come back. With ρ = .5 the lowest
    quarter of a normal group "gains" .64 SD from nothing.
    Source: Galton (1886), J. Anthropol. Inst. 15, 246–263; Barnett, van der Pols & Dobson (2005),
    Int. J. Epidemiol. 34, 215–220. Checked by simulation.
    """
    _share(reliability)
    x, mask = np.asarray(first, dtype=float), np.asarray(chosen, dtype=bool)
    known = ~np.isnan(x)
    if not (mask & known).any():
        raise ValueError("Nobody was chosen: there is no gain to foresee.")
    gain = float((1 - reliability) * (x[known].mean() - x[mask & known].mean()))
    spread = x[known].std(ddof=1)
    return gain, float(gain / spread) if spread > 0 else 0.0


def mean_change(
    first: np.ndarray,
    last: np.ndarray,
    clusters: np.ndarray,
    everyone_first: np.ndarray,
    minimum_clusters: int = MINIMUM_CLUSTERS,
) -> Estimate:
    """Plain mean of last − first, by cluster; refused for a group chosen by its first score.

    ``everyone_first``: first scores of all from whom these were taken. A group whose mean first
    score lies more than SELECTED standard deviations from theirs would show a gain (or a loss)
    from nothing: compare it with others at equal first scores instead.
    """
    x, all_x = np.asarray(first, dtype=float), np.asarray(everyone_first, dtype=float)
    change = np.asarray(last, dtype=float) - x
    all_x, used = all_x[~np.isnan(all_x)], ~np.isnan(change)
    groups = pd.Series(np.asarray(clusters))
    if len(all_x) > 1 and used.any() and all_x.std(ddof=1) > 0:
        apart = abs(x[used].mean() - all_x.mean()) / all_x.std(ddof=1)
        if apart > SELECTED:
            g = int(groups[used].nunique())
            return Estimate.insufficient(Reason.NOT_IDENTIFIED, int(used.sum()), g)
    return cluster_mean(change, groups, minimum_clusters=minimum_clusters)


def true_scores(first: np.ndarray, others: pd.DataFrame, reliability: float) -> np.ndarray | Reason:
    """First scores as they would be without error of measurement, given the other columns.

    x̂ = m(z) + λ (x − m(z)), m(z) the regression of x on the other columns z of the model, λ =
    (s²_x|z − (1−ρ) s²_x) / s²_x|z. Least squares on x̂ and z is the errors-in-variables estimate.
    Which baseline is right depends on how groups came about. Chosen by the recorded score: adjust
    for that score as it stands. Apart for reasons behind the score (centres in hard places, a
    mentor who knows her rooms): the recorded score takes only the share λ of their distance out,
    rooms that started low seem to lose from nothing, and x̂ is right. Where it is not known, the
    two answers are the ends of what can be said.
    Source: Fuller (1987), Measurement Error Models, ch. 2; Porter & Raudenbush (1987), J. Couns.
    Psychol. 34, 383–392. Checked against the moment formula (X'X − nΣ_u)⁻¹X'y to 10 digits and by
    simulation. SE made on x̂ count λ as known. NOT_IDENTIFIED where error alone would explain all
    that z leaves.
    """
    _share(reliability)
    x = np.asarray(first, dtype=float)
    z = np.column_stack([np.ones(len(x)), others.to_numpy(dtype=float)])
    if np.isnan(x).any() or np.isnan(z).any():
        raise ValueError("True scores need rows without gaps; leave out the others first.")
    middle = z @ np.linalg.lstsq(z, x)[0]
    left = ((x - middle) ** 2).mean()
    if x.var() == 0:
        return Reason.ZERO_VARIANCE
    own = left - (1 - reliability) * x.var()
    if own <= 1e-6 * x.var():
        return Reason.NOT_IDENTIFIED
    return middle + own / left * (x - middle)


def _share(reliability: float) -> None:
    if not 0 < reliability <= 1:
        raise ValueError("A reliability lies above 0 and at most at 1.")
