from itertools import product

import numpy as np
import pandas as pd
import pytest

from measurement.irt import (
    andersen_test,
    item_fit,
    partial_credit_cml,
    person_measures,
    person_reliability,
    rasch_cml,
)
from measurement.irt.symmetric import conditional
from tests.measurement.answers import graded, lsat6

GUTTMAN = pd.DataFrame([[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1]] * 20)


def test_rasch_equals_reference(reference):
    data, expected = reference("irt_rasch_2pl_lsat6")

    found = rasch_cml(data)

    case = expected["rasch_CML_eRm"]
    assert found.loglik == pytest.approx(case["condloglik"], abs=1e-6)
    assert (found.n, found.n_extreme, found.n_total) == (699, 301, 1000)
    assert -found.items["location"].to_numpy() == pytest.approx(
        case["item_easiness_beta"], abs=1e-5
    )
    assert found.items["location_se"].to_numpy() == pytest.approx(case["se"], abs=1e-5)
    by_score = expected["person_ML_by_rawscore"]
    assert found.scores.loc[by_score["raw"], "theta_ml"].to_numpy() == pytest.approx(
        by_score["theta"], abs=1e-5
    )
    mean_squares = item_fit(found, data)
    assert mean_squares["outfit"].to_numpy() == pytest.approx(
        expected["itemfit_eRm"]["outfit_msq"], abs=1e-6
    )
    assert mean_squares["infit"].to_numpy() == pytest.approx(
        expected["itemfit_eRm"]["infit_msq"], abs=1e-6
    )
    # eRm differentiates numerically for the standard errors of persons.
    assert person_reliability(found, data).value == pytest.approx(
        expected["person_separation_reliability"], abs=1e-4
    )


def test_fit_z_equals_r():
    # R 4.2.2, eRm 1.0-2: itemfit(person.parameter(RM(LSAT)))
    data = lsat6()

    found = item_fit(rasch_cml(data), data)

    assert found["outfit_z"].to_numpy() == pytest.approx(
        [-1.82034396, -1.11552855, -1.25203264, -1.24830654, -1.6919313], abs=3e-5
    )
    assert found["infit_z"].to_numpy() == pytest.approx(
        [-2.29337273, -0.99183707, -1.0325319, -1.23580793, -1.90353613], abs=3e-5
    )


def test_partial_credit_equals_r():
    # R 4.2.2, eRm 1.0-2: PCM, thresholds (centred here), itemfit, SepRel of the same answers.
    data, _ = graded(300, 8, 3, seed=5)

    found = partial_credit_cml(data)

    assert found.loglik == pytest.approx(-1697.01202078, abs=1e-6)
    assert found.steps["difficulty"].to_numpy()[[0, 1, 2, 21, 22, 23]] == pytest.approx(
        [-0.01205041, 0.8596122, 0.62891694, 2.30931201, -0.09975259, -2.43502021], abs=1e-4
    )
    assert found.items["location"].sum() == pytest.approx(0, abs=1e-12)
    fit = item_fit(found, data)
    assert fit["outfit"].to_numpy()[:3] == pytest.approx(
        [1.00519562, 0.60436999, 1.32277413], abs=1e-5
    )
    assert fit["infit"].to_numpy()[:3] == pytest.approx(
        [0.96159478, 0.67458481, 1.28842526], abs=1e-5
    )
    assert fit["infit_z"].to_numpy()[:3] == pytest.approx(
        [-0.5005067, -4.0739621, 3.7648586], abs=1e-4
    )
    assert person_reliability(found, data).value == pytest.approx(0.6877726, abs=2e-5)


def test_conditional_probabilities_equal_enumeration():
    rng = np.random.default_rng(1)
    weights = [rng.normal(size=m) for m in (1, 3, 2, 2)]
    counts = rng.integers(1, 9, 9).astype(float)
    table = {r: [] for r in range(9)}
    for answer in product(*(range(len(w) + 1) for w in weights)):
        reached = np.concatenate(
            [np.arange(1, len(w) + 1) == c for w, c in zip(weights, answer, strict=True)]
        )
        table[sum(answer)].append((np.exp(np.concatenate(weights) @ reached), reached))

    log_gamma, probability, information = conditional(weights, counts)

    expected = np.zeros((8, 8))
    for r, found in table.items():
        mass = np.array([weight for weight, _ in found])
        cells = np.array([reached for _, reached in found], dtype=float)
        mean = mass @ cells / mass.sum()
        assert log_gamma[r] == pytest.approx(np.log(mass.sum()), abs=1e-12)
        assert probability[r] == pytest.approx(mean, abs=1e-12)
        expected += counts[r] * ((cells.T * mass) @ cells / mass.sum() - np.outer(mean, mean))
    assert information == pytest.approx(expected, abs=1e-11)


def test_gaps_are_left_out_of_the_likelihood():
    # Half the rows answer items 1–4, half 2–5: the same as both halves' likelihoods added.
    data = lsat6().sample(400, random_state=3, ignore_index=True).astype(float)
    data.iloc[:200, 4] = np.nan
    data.iloc[200:, 0] = np.nan

    found = rasch_cml(data)

    def loglik(beta):
        total = 0.0
        for rows, items in ((slice(0, 200), [0, 1, 2, 3]), (slice(200, 400), [1, 2, 3, 4])):
            own = data.iloc[rows, items]
            score = own.sum(axis=1).to_numpy(dtype=int)
            log_gamma, _, _ = conditional([-beta[[j]] for j in items], np.zeros(5))
            total -= (own.to_numpy() @ beta[items]).sum() + log_gamma[score].sum()
        return total

    beta = found.items["location"].to_numpy()
    nearby = [loglik(beta + step) for step in 0.01 * np.eye(5)]
    assert found.loglik == pytest.approx(loglik(beta), abs=1e-9)
    assert max(nearby) < found.loglik


def test_weighted_likelihood_exists_at_the_ends():
    found = rasch_cml(lsat6()).scores

    assert found["theta_ml"].isna().tolist() == [True, False, False, False, False, True]
    assert found["theta_wle"].is_monotonic_increasing
    # Warm's estimate maximises likelihood times √information.
    assert (found["theta_wle"].abs() < found["theta_ml"].abs())[1:5].all()


def test_person_measures_of_a_row_with_gaps_use_its_own_items():
    fit = rasch_cml(lsat6())
    rows = pd.DataFrame([[1, np.nan, 0, 1, np.nan], [np.nan] * 5], columns=list(fit.values))

    found = person_measures(rows, fit.curves, fit.values)

    theta = found["theta_ml"].iloc[0]
    expected = sum(1 / (1 + np.exp(fit.items["location"].iloc[j] - theta)) for j in (0, 2, 3))
    assert expected == pytest.approx(2, abs=1e-9)
    assert found[["items", "score", "maximum"]].iloc[0].tolist() == [3, 2, 3]
    assert found["theta_wle"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (GUTTMAN, "zero_variance"),  # without the extreme rows the first item is constant …
        (GUTTMAN * np.nan, "all_missing"),
        (GUTTMAN[[0]], "zero_variance"),
        (pd.DataFrame([[1, 0, 0, 1], [0, 1, 0, 1], [1, 0, 1, 1], [0, 1, 1, 1]] * 9), ""),
        (pd.DataFrame([[1, 0, 0, 1], [1, 0, 1, 0], [0, 1, 1, 1], [0, 1, 0, 0]])[:0], "all_missing"),
        # Nobody has 1 on the last two and 0 on the first two: the halves cannot be compared.
        (pd.DataFrame([[1, 0, 0, 0], [0, 1, 0, 0], [1, 1, 1, 0], [1, 1, 0, 1]]), "not_identified"),
    ],
)
def test_rasch_says_why_it_is_insufficient(frame, reason):
    found = rasch_cml(frame)

    assert (found.reason, found.sufficient) == (reason, reason == "")
    assert person_reliability(found, frame).reason == reason
    assert len(item_fit(found, frame)) == (3 if reason == "" else 0)


def test_constant_item_is_left_out_and_says_so():
    found = rasch_cml(lsat6().assign(always=1))

    assert found.items.loc["always", "reason"] == "zero_variance"
    assert np.isnan(found.items.loc["always", "location"])
    assert found.loglik == pytest.approx(rasch_cml(lsat6()).loglik, abs=1e-9)


def test_reliability_without_spread_is_insufficient():
    data = lsat6()
    fit = rasch_cml(data)
    same = data[data.sum(axis=1) == 3]

    assert person_reliability(fit, same).reason == "zero_variance"
    assert person_reliability(fit, same[:1]).reason == "too_few_rows"


def test_andersen_test_equals_r():
    # R 4.2.2, eRm 1.0-2: LRtest(RM(LSAT), splitcr = rep(1:2, 500))
    data = lsat6()

    found = andersen_test(data, pd.Series([1, 2] * 500))

    assert (found.df, found.dropped, found.reason) == (4, [], "")
    assert found.chi2 == pytest.approx(0.124850762, abs=1e-7)
    assert found.p == pytest.approx(0.998130758, abs=1e-7)


def test_andersen_test_of_partial_credit_equals_r():
    data, _ = graded(300, 8, 3, seed=5)

    found = andersen_test(data, pd.Series(np.resize(["a", "b"], 300)))

    assert (found.chi2, found.df) == (pytest.approx(21.3250965, abs=1e-5), 23)


def test_andersen_test_sees_an_item_that_moves():
    data, _ = graded(2000, 6, 1, seed=4)
    group = pd.Series(np.resize([0, 1], 2000))
    data.loc[pd.Series(np.resize([0, 0, 0, 1], 2000)) == 1, "i2"] = 0

    assert andersen_test(data, group).p < 1e-6
    assert andersen_test(data, "mean").df == 5


@pytest.mark.parametrize(
    ("split", "reason"),
    [
        (pd.Series(["a"] * 1000), "one_group"),
        ("median", "too_few_items"),  # in the upper half only perfect scores are left
    ],
)
def test_andersen_test_says_why_it_is_insufficient(split, reason):
    found = andersen_test(lsat6(), split)

    assert (found.chi2, found.p, found.reason) == (None, None, reason)


def test_andersen_test_drops_items_that_do_not_vary_in_a_group():
    data, _ = graded(600, 6, 1, seed=4)
    data.loc[:299, "i5"] = 0

    found = andersen_test(data, pd.Series(np.repeat([1, 2], 300)))

    assert (found.dropped, found.df) == (["i5"], 4)


def test_rasch_refuses_wrong_input():
    with pytest.raises(ValueError, match="0 or 1"):
        rasch_cml(pd.DataFrame([[0, 2], [1, 1]]))
    with pytest.raises(ValueError, match="median"):
        andersen_test(lsat6(), "half")
    with pytest.raises(ValueError, match="lack these items"):
        person_reliability(rasch_cml(lsat6()), lsat6()[["Item1"]])
