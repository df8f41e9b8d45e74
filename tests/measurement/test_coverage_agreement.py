"""On data of known truth the intervals cover at their nominal rate, within Monte-Carlo error."""

import numpy as np
import pandas as pd

from measurement.agreement import gwet_ac, icc, icc_incomplete, krippendorff_alpha


def assert_nominal(covered, nominal=0.95):
    error = np.sqrt(nominal * (1 - nominal) / len(covered))
    assert abs(np.mean(covered) - nominal) < 3.5 * error, np.mean(covered)


def test_exact_interval_of_icc_covers():
    rng = np.random.default_rng(101)
    target, rater, rest = 1.0, 0.5, 0.8
    truth = target**2 / (target**2 + rater**2 + rest**2)
    covered = []
    for _ in range(600):
        scores = target * rng.normal(size=(40, 1)) + rater * rng.normal(size=5)
        found = icc(pd.DataFrame(scores + rest * rng.normal(size=(40, 5))))["ICC(2,1)"]
        covered.append(found.low <= truth <= found.high)

    assert_nominal(covered)


def test_interval_of_incomplete_icc_covers():
    rng = np.random.default_rng(102)
    target, rater, rest = 1.0, 0.6, 0.8
    truth = {
        "ICC(A,1)": target**2 / (target**2 + rater**2 + rest**2),
        "ICC(C,1)": target**2 / (target**2 + rest**2),
    }
    covered = {form: [] for form in truth}  # of those with an interval: not at the boundary
    rows = np.repeat(np.arange(60), 3)
    for _ in range(160):
        columns = np.argsort(rng.random((60, 15)), axis=1)[:, :3].ravel()
        scores = target * rng.normal(size=60)[rows] + rater * rng.normal(size=15)[columns]
        scores += rest * rng.normal(size=len(rows))
        found = icc_incomplete(pd.DataFrame({"target": rows, "rater": columns, "score": scores}))
        for form, value in truth.items():
            if found[form].low is not None:
                covered[form].append(found[form].low <= value <= found[form].high)

    assert len(covered["ICC(A,1)"]) > 0.97 * 160
    assert_nominal(covered["ICC(A,1)"])
    assert_nominal(covered["ICC(C,1)"])


def simulated(rng, targets, observers, gaps):
    """True category 0, 1, 2 with chances .7, .2, .1; each observer sees it with chance .8, else
    says anything; ``gaps``: share of ratings that are missing."""
    true = rng.choice(3, size=(targets, 1), p=[0.7, 0.2, 0.1])
    said = np.where(
        rng.random((targets, observers)) < 0.8, true, rng.integers(0, 3, (targets, observers))
    )
    return pd.DataFrame(said).mask(rng.random(said.shape) < gaps)


def truth_of_simulated():
    """Agreement of two observers, and each category's share."""
    says = 0.8 * np.eye(3) + 0.2 / 3
    chances = np.array([0.7, 0.2, 0.1])
    return (chances @ says**2).sum(), chances @ says


def test_interval_of_gwet_ac1_covers():
    rng = np.random.default_rng(103)
    agreement, share = truth_of_simulated()
    chance = (share * (1 - share)).sum() / 2
    truth = (agreement - chance) / (1 - chance)

    covered = []
    for _ in range(800):
        found = gwet_ac(simulated(rng, 80, 4, gaps=0.0))
        covered.append(found.low <= truth <= found.high)

    assert_nominal(covered)


def test_interval_of_krippendorff_alpha_covers_with_gaps():
    rng = np.random.default_rng(104)
    agreement, share = truth_of_simulated()
    chance = (share**2).sum()
    truth = (agreement - chance) / (1 - chance)

    covered = []
    for _ in range(800):
        found = krippendorff_alpha(simulated(rng, 120, 4, gaps=0.2))
        covered.append(found.low <= truth <= found.high)

    assert_nominal(covered)
