"""Are the items of a Rasch scale equally difficult in every group?"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from measurement.estimates import Reason
from measurement.irt.rasch import partial_credit_cml
from measurement.irt.responses import aligned


@dataclass(frozen=True)
class AndersenTest:
    """χ², its degrees of freedom and p. ``groups`` (index: group): n rows used, loglik.

    ``dropped``: items left out because in some group they do not vary or lack a step.
    ``reason`` where there is no test.
    """

    chi2: float | None
    df: int
    p: float | None
    groups: pd.DataFrame
    dropped: list[str]
    reason: str = ""


def andersen_test(data: pd.DataFrame, split: Literal["median", "mean"] | pd.Series) -> AndersenTest:
    """Likelihood-ratio test that the items (0/1 or with more steps) are the same in all groups.

    ``split``: "median" (score at most the median, or above), "mean" (score below the mean, or
    not), scores as share of the most that the answered items allow; or the group of each row (rows
    without one are left out). χ² = 2(Σ_g ℓ_g − ℓ), ℓ conditional log-likelihoods; df = parameters
    of all groups less those of one fit for all.
    Source: Andersen (1973), Psychometrika 38, 123–140. Checked against R eRm 1.0-2: see
    ``docs/measurement/rasch.md``.
    """
    group = _by_score(data, split) if isinstance(split, str) else aligned(split, data.index)
    used = group.notna().to_numpy() & data.notna().any(axis=1).to_numpy()
    answers, group = data[used], group[used]
    kept = list(answers.columns)
    names = list(pd.unique(group))
    reason = Reason.ONE_GROUP if len(names) < 2 else ""
    fits = []
    while not reason:
        tables = [answers[kept], *(answers.loc[(group == name).to_numpy(), kept] for name in names)]
        fits = [partial_credit_cml(table) for table in tables]
        steps = np.array([fit.items["steps"] for fit in fits])
        alike = (steps == steps[0]).all(axis=0) & (steps[0] > 0)
        reason = next((fit.reason for fit in fits if not fit.sufficient), "")
        if alike.all():
            break
        kept = [name for name, same in zip(kept, alike, strict=True) if same]
        reason = Reason.TOO_FEW_ITEMS if len(kept) < 2 else ""
    dropped = [str(name) for name in data.columns if name not in kept]
    if reason:
        empty = pd.DataFrame(columns=["n", "loglik"], dtype=float)
        return AndersenTest(None, 0, None, empty, dropped, reason)
    whole, *parts = fits
    chi2 = 2 * sum(fit.loglik or 0.0 for fit in parts) - 2 * (whole.loglik or 0.0)
    df = sum(fit.n_parameters for fit in parts) - whole.n_parameters
    groups = pd.DataFrame(
        {"n": [fit.n for fit in parts], "loglik": [fit.loglik for fit in parts]},
        index=pd.Index(names, name="group"),
    ).sort_index()
    return AndersenTest(chi2, df, float(stats.chi2.sf(chi2, df)), groups, dropped)


def _by_score(data: pd.DataFrame, split: str) -> pd.Series:
    if split not in ("median", "mean"):
        raise ValueError('Rows are split at the "median" or the "mean" score, or by a group each.')
    top = (data.max() - data.min()).to_numpy(dtype=float)
    reached = (data - data.min()).sum(axis=1)
    share = reached / (data.notna().to_numpy(dtype=float) @ np.nan_to_num(top))
    if split == "median":
        return share.gt(share.median()).map({True: "high", False: "low"}).where(share.notna())
    return share.ge(share.mean()).map({True: "high", False: "low"}).where(share.notna())
