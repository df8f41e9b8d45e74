import numpy as np
import pandas as pd
import pytest

from measurement.evaluation.sensitivity import (
    e_value,
    e_value_of_difference,
    oster_delta,
    robustness_value,
    rosenbaum_bounds,
)

# Lead in the blood of children whose parents worked with it, and of matched neighbours: Morton et
# al. (1982), as printed by Rosenbaum (2002), Observational Studies, table 3.8.
EXPOSED = [38, 23, 41, 18, 37, 36, 23, 62, 31, 34, 24, 14, 21, 17, 16, 20, 15]
EXPOSED += [10, 45, 39, 22, 35, 49, 48, 44, 35, 43, 39, 34, 13, 73, 25, 27]
CONTROL = [16, 18, 18, 24, 19, 11, 10, 15, 16, 18, 18, 13, 19, 10, 16, 16, 24]
CONTROL += [13, 9, 14, 21, 19, 7, 18, 19, 12, 11, 22, 25, 16, 13, 11, 13]
LEAD = np.subtract(EXPOSED, CONTROL)


@pytest.mark.parametrize(
    ("gamma", "p"), [(2, 0.0018), (3, 0.0136), (4, 0.0388), (4.25, 0.0468), (5, 0.0740)]
)
def test_bounds_equal_those_printed_by_rosenbaum(gamma, p):
    found = rosenbaum_bounds(LEAD, gammas=[gamma])

    assert found.table["p_upper"].iloc[0] == pytest.approx(p, abs=5e-5)


def test_critical_gamma_is_where_p_reaches_the_level():
    found = rosenbaum_bounds(LEAD)

    at = rosenbaum_bounds(LEAD, gammas=[found.gamma])
    assert 4.25 < found.gamma < 4.5
    assert at.table["p_upper"].iloc[0] == pytest.approx(0.05)


def test_sign_bounds_are_the_binomial_tail():
    found = rosenbaum_bounds([1, 1, 1, -1, 0], "sign", gammas=[1, 3])

    assert found.table["p_upper"].tolist() == pytest.approx([5 / 16, 189 / 256])
    assert found.gamma is None


@pytest.mark.parametrize(("differences", "reason"), [([3.0], "too_few_rows"), ([0, 0, 1], "ties")])
def test_bounds_say_why_they_are_insufficient(differences, reason):
    assert rosenbaum_bounds(differences).reason == reason


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"test": "t"}, "wilcoxon or sign"),
        ({"alpha": 0.7}, "between 0 and 0.5"),
        ({"gammas": [0.5]}, "counts from 1"),
    ],
)
def test_bounds_refuse_wrong_input(given, message):
    with pytest.raises(ValueError, match=message):
        rosenbaum_bounds(LEAD, **given)


def test_robustness_values_equal_the_darfur_example():
    # Cinelli & Hazlett (2020), table 1: t 4.18, 783 degrees of freedom: 2.2 %, 13.9 %, 7.6 %.
    found = robustness_value(4.18445, 783)

    assert found.partial_r2 == pytest.approx(0.021873093496, abs=1e-11)
    assert found.value == pytest.approx(0.138776, abs=1e-6)
    assert found.value_alpha == pytest.approx(0.076258, abs=1e-6)


def test_robustness_value_of_what_is_not_significant_is_zero():
    assert robustness_value(1.0, 50).value_alpha == 0


def test_robustness_value_of_few_degrees_of_freedom_equals_sensemakr():
    # PySensemakr 0.0.8: robustness_value(t_statistic=8, dof=4, alpha=.05)
    assert robustness_value(8, 4).value_alpha == pytest.approx(0.742588932, abs=1e-6)


@pytest.mark.parametrize(
    ("given", "message"), [((2, 1), "degree of freedom"), ((2, 9, 2), "between 0 and 1")]
)
def test_robustness_value_refuses_wrong_input(given, message):
    with pytest.raises(ValueError, match=message):
        robustness_value(*given)


def test_e_values_equal_the_published_example():
    # VanderWeele & Ding (2017): RR 3.9 (1.8 to 8.7) gives 7.26 and 3.0.
    found = e_value(3.9, 1.8, 8.7)

    assert (found.point, found.interval) == (pytest.approx(7.26, abs=0.005), pytest.approx(3.0))


def test_e_value_of_a_protective_ratio_is_that_of_its_inverse():
    turned, plain = e_value(0.5, 0.4, 0.8), e_value(2.0, 1.25, 2.5)

    assert turned.point == pytest.approx(plain.point)
    assert turned.interval == pytest.approx(plain.interval)


def test_e_value_of_an_interval_that_holds_one_is_one():
    assert e_value(1.4, 0.9, 2.0).interval == 1
    assert e_value(0.9, 0.7, 1.1).interval == 1


def test_e_value_of_a_difference_goes_by_its_ratio():
    found = e_value_of_difference(0.5, 0.1)

    assert found.point == pytest.approx(e_value(np.exp(0.455)).point)
    assert found.interval == pytest.approx(e_value(9.0, np.exp(0.455 - 0.1783567)).interval)


def test_e_value_refuses_what_is_no_ratio():
    with pytest.raises(ValueError, match="above 0"):
        e_value(-1)
    with pytest.raises(ValueError, match="negative"):
        e_value_of_difference(0.3, -1)


def confounded(seed=0, n=400):
    """y is exactly .7 × treatment, a seen and an unseen cause that do not go together."""
    rng = np.random.default_rng(seed)
    seen, unseen, own = (column - column.mean() for column in rng.normal(size=(3, n)))
    unseen -= seen * (seen @ unseen) / (seen @ seen)
    x = 0.5 * seen + 0.3 * unseen + own
    return 0.7 * x + seen + 0.8 * unseen, x, seen, 0.8 * unseen


def test_oster_delta_gives_back_the_selection_that_was_built_in():
    y, x, seen, unseen = confounded()
    true = (x @ unseen / (unseen @ unseen)) / (x @ seen / (seen @ seen))

    found = oster_delta(y, x, pd.DataFrame({"seen": seen}), r_max=1.0, target=0.7)

    assert found == pytest.approx(true, abs=1e-10)


@pytest.mark.parametrize(
    ("x", "w", "rows", "reason"),
    [
        (1.0, "random", 50, "zero_variance"),
        ("w", "random", 50, "not_identified"),
        ("random", "random", 3, "too_few_rows"),
    ],
)
def test_oster_delta_says_why_it_is_insufficient(x, w, rows, reason):
    rng = np.random.default_rng(1)
    controls = pd.DataFrame({"w": rng.normal(size=rows)})
    treatment = {"w": controls["w"], "random": rng.normal(size=rows)}.get(x, np.ones(rows))

    assert oster_delta(rng.normal(size=rows), treatment, controls) == reason
