import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.inter_rater import fleiss_kappa as of_statsmodels

from measurement.agreement import (
    agreement_weights,
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac,
    percent_agreement,
)

COEFFICIENTS = {
    "ac": gwet_ac,
    "fleiss": fleiss_kappa,
    "conger": conger_kappa,
    "bp": brennan_prediger,
    "pa": percent_agreement,
}
EVERY = pytest.mark.parametrize("coefficient", COEFFICIENTS.values(), ids=COEFFICIENTS)


def four_observers(n=60, seed=3):
    rng = np.random.default_rng(seed)
    height = rng.integers(0, 4, n)[:, None]
    return pd.DataFrame(np.clip(height + rng.integers(-1, 2, (n, 4)), 0, 3))


@pytest.mark.parametrize("name", COEFFICIENTS)
@pytest.mark.parametrize(
    "weights",
    ["identity", "linear", "quadratic", "ordinal", "radical", "ratio", "circular", "bipolar"],
)
def test_coefficient_equals_reference(reference, name, weights):
    data, expected = reference("gwet_ac1_ac2")
    expected = expected["unweighted" if weights == "identity" else weights][name]

    found = COEFFICIENTS[name](data, weights)

    assert found.n == 12
    assert found.value == pytest.approx(expected["coef"], abs=6e-6)
    assert (found.high - found.value) / stats.t.isf(0.025, 11) == pytest.approx(
        expected["se"], abs=6e-6
    )


def test_gwet_ac_is_not_cut_off_at_one(reference):
    data, _ = reference("gwet_ac1_ac2")

    found = gwet_ac(data)

    assert found.low == pytest.approx(0.461, abs=5e-4)
    assert found.high > 1
    assert found.method == (
        "Gwet AC1, identity weights, t(n-1), 11 of 12 targets rated twice or more"
    )


def test_fleiss_kappa_equals_statsmodels():
    ratings = four_observers()
    counts = np.column_stack([(ratings == value).sum(axis=1) for value in range(4)])

    assert fleiss_kappa(ratings).value == pytest.approx(of_statsmodels(counts), abs=1e-12)


@pytest.mark.parametrize(
    ("weights", "own"), [("none", "identity"), ("linear", "linear"), ("quadratic", "quadratic")]
)
def test_conger_kappa_of_two_observers_is_cohens(weights, own):
    pair = four_observers()[[0, 1]]

    assert conger_kappa(pair, own).value == pytest.approx(
        cohen_kappa(pair[0], pair[1], weights).value, abs=1e-12
    )


@EVERY
def test_coefficient_of_words_in_their_order_equals_that_of_places(coefficient):
    ratings, words = four_observers(), np.array(["none", "some", "most", "all"], dtype=object)

    found = coefficient(pd.DataFrame(words[ratings.to_numpy()]), "ordinal", words)

    assert found == coefficient(ratings + 1, "ordinal")


@EVERY
def test_coefficient_takes_any_order_of_targets_and_observers(coefficient):
    ratings = four_observers().astype(float)
    ratings.iloc[::3, 1] = np.nan

    found = coefficient(ratings.iloc[::-1, ::-1], "linear")

    assert found.as_dict() == pytest.approx(coefficient(ratings, "linear").as_dict(), abs=1e-12)


def test_gwet_ac_stays_near_agreement_where_nearly_all_is_one_value():
    ratings = pd.DataFrame({"a": [0] * 90 + [1] * 5 + [0] * 5, "b": [0] * 95 + [1] * 5})

    assert fleiss_kappa(ratings).value == pytest.approx(-0.05 / 0.95)
    assert gwet_ac(ratings).value == pytest.approx((0.9 - 0.095) / 0.905)


def test_brennan_prediger_counts_categories_that_nobody_gave():
    ratings = four_observers()

    some, more = brennan_prediger(ratings), brennan_prediger(ratings, categories=range(8))

    agreement = percent_agreement(ratings).value
    assert some.value == pytest.approx((agreement - 1 / 4) / (1 - 1 / 4))
    assert more.value == pytest.approx((agreement - 1 / 8) / (1 - 1 / 8))


@EVERY
def test_coefficient_of_a_whole_population_has_no_width(coefficient):
    found = coefficient(four_observers(), population=60)

    assert found.low == found.value == found.high


@EVERY
@pytest.mark.parametrize(
    ("ratings", "reason"),
    [
        (pd.DataFrame({"a": [1, 2, 3]}), "one_rater"),
        (pd.DataFrame({"a": [1, 2, 3], "b": [np.nan] * 3}), "one_rater"),
        (pd.DataFrame({"a": [np.nan] * 3, "b": [np.nan] * 3}), "all_missing"),
        (pd.DataFrame({"a": [], "b": []}, dtype=float), "too_few_rows"),
        (pd.DataFrame({"a": [1, 2, np.nan], "b": [np.nan, np.nan, 2]}), "no_overlap"),
        (pd.DataFrame({"a": [1, 2], "b": [1, 1]}), "too_few_rows"),
    ],
)
def test_coefficient_says_why_it_is_insufficient(coefficient, ratings, reason):
    assert coefficient(ratings).reason == reason


@pytest.mark.parametrize("coefficient", [fleiss_kappa, conger_kappa, gwet_ac, brennan_prediger])
def test_coefficient_of_one_category_is_insufficient(coefficient):
    assert coefficient(pd.DataFrame(np.ones((5, 3)))).reason == "zero_variance"


@EVERY
def test_coefficient_of_perfect_agreement_has_no_interval(coefficient):
    found = coefficient(pd.DataFrame({"a": [1, 2, 3, 3], "b": [1, 2, 3, np.nan]}))

    assert (found.value, found.low, found.reason) == (1.0, None, "perfect_agreement")


def test_gwet_ac_of_one_value_among_several_categories_is_perfect():
    found = gwet_ac(pd.DataFrame(np.ones((5, 3))), categories=[0, 1, 2, 3])

    assert (found.value, found.reason) == (1.0, "perfect_agreement")


@pytest.mark.parametrize(
    ("ratings", "changes", "message"),
    [
        ([[1, 2]] * 4, {"weights": "cubic"}, "must be one of"),
        ([["a", "b"]] * 4, {"weights": "linear"}, "in their order"),
        ([[-1, 2]] * 4, {"weights": "ratio"}, "not negative"),
        ([[1, 2]] * 4, {"population": 3}, "cannot be smaller"),
        ([[1, "b"]] * 4, {}, "not both"),
        ([[1, 2]] * 4, {"categories": [1]}, "not among the categories: 2.0"),
        ([["a", "b"]] * 4, {"categories": [1, 2]}, "not among the categories: a, b"),
        ([[1, 2]] * 4, {"categories": ["a", "b"]}, "not among the categories: 1.0, 2.0"),
        ([[1, 2]] * 4, {"confidence": 1.0}, "between 0 and 1"),
    ],
)
def test_gwet_ac_refuses_wrong_input(ratings, changes, message):
    with pytest.raises(ValueError, match=message):
        gwet_ac(pd.DataFrame(ratings), **changes)


@pytest.mark.parametrize(
    "weights", ["linear", "quadratic", "ordinal", "radical", "circular", "bipolar", "ratio"]
)
def test_weights_are_one_on_the_diagonal_and_zero_at_the_furthest(weights):
    found = agreement_weights(np.array([1.0, 2, 3, 4]), weights)

    assert np.diag(found).tolist() == [1.0] * 4
    assert found.min() == pytest.approx(0)
    assert (found == found.T).all()
