"""Does somebody in training say what the experts agreed on?"""

import numpy as np

from measurement.agreement.pairs import MINIMUM_PAIRS, Values, quadratic_kappa
from measurement.estimates import Estimate, Reason
from measurement.indicators import share


def against_master(
    master: Values, given: Values, confidence: float = 0.95, minimum_pairs: int = MINIMUM_PAIRS
) -> dict[str, Estimate]:
    """ "exact", "within_one" and "kappa" of codes ``given`` against the ``master`` codes.

    NaN means "not applicable", which is an answer: the same on both sides agrees, on one side alone
    it disagrees, exactly and within one point; kappa (quadratic weights) rests on the pairs that
    both scored. Nothing may be missing: leaving out what is hard would raise the figures.
    Intervals (Wilson; large sample) count the codes as independent. Codes of one clip resemble each
    other, so they are somewhat too narrow as statements about other clips.
    """
    x, y = np.asarray(master, dtype=float), np.asarray(given, dtype=float)
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError("Master codes and given codes must be two lists of the same length.")
    if np.isinf(x).any() or np.isinf(y).any():
        raise ValueError("Codes must be finite numbers, or NaN where not applicable.")
    if len(x) == 0:
        return dict.fromkeys(
            ("exact", "within_one", "kappa"), Estimate.insufficient(Reason.NO_OVERLAP, 0)
        )
    neither = np.isnan(x) & np.isnan(y)
    apart = np.where(neither, 0.0, np.abs(x - y))  # NaN on one side is no distance, so no agreement
    return {
        "exact": share(int((apart == 0).sum()), len(x), confidence),
        "within_one": share(int((apart <= 1).sum()), len(x), confidence),
        "kappa": quadratic_kappa(x, y, None, confidence, minimum_pairs),
    }
