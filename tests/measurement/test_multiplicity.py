import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests

from measurement.evaluation.multiplicity import adjusted, step_down, westfall_young
from measurement.evaluation.permutation import draws


@pytest.mark.parametrize(
    ("rule", "expected"),
    [  # R: p.adjust(c(.01, .04, .03, .005), "holm" and "BH")
        ("holm", [0.03, 0.06, 0.06, 0.02]),
        ("bh", [0.02, 0.04, 0.04, 0.02]),
        ("none", [0.01, 0.04, 0.03, 0.005]),
    ],
)
def test_adjusted_equals_r(rule, expected):
    assert adjusted([0.01, 0.04, 0.03, 0.005], rule) == pytest.approx(expected)


@pytest.mark.parametrize(("rule", "name"), [("holm", "holm"), ("bh", "fdr_bh")])
def test_adjusted_equals_statsmodels(rule, name):
    p = np.random.default_rng(1).random(40) ** 3

    assert adjusted(p, rule) == pytest.approx(multipletests(p, method=name)[1], abs=1e-14)


def test_tests_that_were_not_made_do_not_count():
    found = adjusted([0.01, np.nan, 0.04], "holm")

    assert found == pytest.approx([0.02, np.nan, 0.04], nan_ok=True)
    assert np.isnan(adjusted([np.nan], "holm")).all()


@pytest.mark.parametrize(
    ("p", "rule", "message"),
    [([0.1], "sidak", "one of none"), ([1.2], "holm", "between 0 and 1")],
)
def test_adjusted_refuses_wrong_input(p, rule, message):
    with pytest.raises(ValueError, match=message):
        adjusted(p, rule)


def test_step_down_counted_by_hand():
    # Largest first: outcome 2 against the row maxima 4, 1, 2, 3; then outcome 1 against 4, 0, 2, 1.
    drawn = np.array([[4.0, 1.0], [0.0, -1.0], [-2.0, 0.5], [1.0, 3.0]])

    found = step_down(np.array([1.5, -3.0]), drawn, exact=True)

    assert found.tolist() == [2 / 4, 2 / 4]


def test_step_down_of_one_outcome_is_its_own_p():
    drawn = np.arange(-50, 49, dtype=float)[:, None]

    assert step_down(np.array([45.0]), drawn)[0] == (1 + 6 + 4) / 100


def test_identical_outcomes_lose_nothing():
    drawn = np.random.default_rng(0).normal(size=(500, 1))

    alone = step_down(np.array([2.0]), drawn)
    many = step_down(np.full(6, 2.0), np.repeat(drawn, 6, axis=1))

    assert many == pytest.approx(np.repeat(alone, 6))


def test_step_down_refuses_draws_of_another_shape():
    with pytest.raises(ValueError, match="one column for each outcome"):
        step_down(np.ones(2), np.ones((5, 3)))


def test_westfall_young_finds_the_outcome_that_moved():
    rng = np.random.default_rng(3)
    clusters, side = np.repeat(np.arange(30), 5), np.tile([0.0, 1.0], 15)
    y = pd.DataFrame(rng.normal(size=(150, 4)), columns=list("abcd"))
    y["b"] += 1.5 * side[clusters]
    y.loc[:9, "c"] = np.nan
    y["d"] = 0.0
    lots = draws(side, np.zeros(30), rng, 999)

    found = westfall_young(y, clusters, side, lots)

    assert found["b"] == 1 / 1000
    assert (found[["a", "c"]] > 0.05).all()
    assert np.isnan(found["d"])
