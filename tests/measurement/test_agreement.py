import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score

from measurement.agreement import exact_agreement, icc, quadratic_kappa, within

# Shrout & Fleiss (1979), Psychol. Bull. 86, 420–428, table 2: six targets, four judges.
SHROUT_FLEISS = pd.DataFrame(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
)
# Two raters of the anxiety example of R's irr package.
ANXIETY_2 = [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4]
ANXIETY_3 = [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2]


@pytest.mark.parametrize(
    ("form", "value", "low", "high"),
    [  # R 4.2.2, psych 2.2.9: ICC(sf, lmer=FALSE)
        ("ICC(1,1)", 0.1657417684055, -0.1329323248748, 0.7225600623281),
        ("ICC(2,1)", 0.2897637795276, 0.01878651337471, 0.761084369649),
        ("ICC(3,1)", 0.7148407148407, 0.3424647650339, 0.9458582599554),
        ("ICC(1,k)", 0.4427971336793, -0.8844421552381, 0.9124154203408),
        ("ICC(2,k)", 0.620050547599, 0.0711368153025, 0.9272320401677),
        ("ICC(3,k)", 0.9093155423771, 0.6756747138163, 0.9858916781691),
    ],
)
def test_icc_equals_published(form, value, low, high):
    found = icc(SHROUT_FLEISS)[form]

    assert found.value == pytest.approx(value, abs=1e-11)
    assert found.low == pytest.approx(low, abs=1e-9)
    assert found.high == pytest.approx(high, abs=1e-9)
    assert found.n == 6


def test_icc_leaves_out_targets_with_a_gap():
    holed = pd.concat([SHROUT_FLEISS, pd.DataFrame([[1, np.nan, 2, 3]])])

    assert icc(holed) == icc(SHROUT_FLEISS)


def test_icc_of_perfect_agreement_is_one_without_interval():
    frame = pd.DataFrame({"a": [1.0, 2, 3, 5], "b": [1.0, 2, 3, 5]})

    assert {
        (found.value, found.low, found.high, found.reason) for found in icc(frame).values()
    } == {(1.0, None, None, "perfect_agreement")}


def test_icc_stays_negative():
    frame = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [4.0, 3, 2, 0]})

    found = icc(frame)

    assert found["ICC(1,1)"].value < -0.5
    assert found["ICC(3,1)"].value < -0.5


def test_icc_without_spread_between_targets_has_no_average_form():
    frame = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [4.0, 3, 2, 1]})

    found = icc(frame)

    assert found["ICC(1,1)"].value == pytest.approx(-1)
    assert found["ICC(1,k)"].reason == "negative_variance"
    assert found["ICC(2,k)"].reason == "negative_variance"


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (SHROUT_FLEISS[[0]], "one_rater"),
        (SHROUT_FLEISS.assign(**{"1": np.nan})[[0, "1"]], "one_rater"),
        (SHROUT_FLEISS.iloc[:2], "too_few_rows"),
        (SHROUT_FLEISS * 0 + 2, "zero_variance"),
        (SHROUT_FLEISS * np.nan, "all_missing"),
        (pd.DataFrame({"a": [1.0, 2, np.nan], "b": [np.nan, np.nan, 2]}), "no_overlap"),
    ],
)
def test_icc_says_why_it_is_insufficient(frame, reason):
    assert {found.reason for found in icc(frame).values()} == {reason}


def test_agreement_counts_pairs_that_both_rated():
    first, second = [0, 1, 2, 3, np.nan, 2], [0, 2, 2, 1, 3, np.nan]

    exact, near = exact_agreement(first, second), within(first, second, 1)

    assert (exact.value, exact.n) == (0.5, 4)
    assert (near.value, near.n) == (0.75, 4)


def test_agreement_by_clusters_is_wider_than_independent():
    same = np.repeat(np.arange(20) % 2, 5)
    first, second = np.zeros(100), same.astype(float)

    alone = exact_agreement(first, second)
    grouped = exact_agreement(first, second, clusters=np.repeat(np.arange(20), 5))

    assert grouped.value == alone.value == 0.5
    assert grouped.clusters == 20
    assert grouped.high - grouped.low > 2 * (alone.high - alone.low)


@pytest.mark.parametrize(
    ("second", "value"),
    [([0, 0] * 10, 1.0), ([1, 1] * 10, 0.0), ([0, 1] * 10, 0.5)],
)
def test_agreement_of_clusters_that_are_all_alike_has_no_interval(second, value):
    found = exact_agreement([0, 0] * 10, second, clusters=np.repeat(np.arange(10), 2))

    assert (found.value, found.low, found.high) == (value, None, None)
    assert (found.n, found.clusters, found.reason) == (20, 10, "clusters_alike")


def test_agreement_on_everything_in_few_clusters_is_insufficient():
    assert exact_agreement([1] * 8, [1] * 8, clusters=[1, 2] * 4).reason == "too_few_clusters"


def test_agreement_without_shared_pairs_is_insufficient():
    assert exact_agreement([1, np.nan], [np.nan, 2]).reason == "no_overlap"


def test_quadratic_kappa_equals_r_irr():
    # irr::kappa2(anxiety[, 2:3], "squared"), which numbers the levels that occur; printed value
    # as kept in statsmodels' tests (stats/tests/test_inter_rater.py).
    first, second = ANXIETY_2, ANXIETY_3
    levels = sorted(set(first) | set(second))

    found = quadratic_kappa([levels.index(v) for v in first], [levels.index(v) for v in second])

    assert found.value == pytest.approx(0.2520325, abs=5e-8)


def test_quadratic_kappa_equals_scikit_learn():
    rng = np.random.default_rng(11)
    first = rng.integers(0, 4, 300)
    second = np.clip(first + rng.integers(-1, 2, 300), 0, 3)

    found = quadratic_kappa(first, second)

    assert found.value == pytest.approx(
        cohen_kappa_score(first, second, weights="quadratic"), abs=1e-12
    )


def matrix_kappa(table, weights):
    """Weighted kappa and its SE as printed by Fleiss, Cohen & Everitt (1969)."""
    p = np.asarray(table, dtype=float) / np.sum(table)
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    po, pe = (weights * p).sum(), (weights * np.outer(rows, columns)).sum()
    kappa = (po - pe) / (1 - pe)
    means = (weights @ columns)[:, None] + (rows @ weights)[None, :]
    spread = (p * (weights - means * (1 - kappa)) ** 2).sum() - (kappa - pe * (1 - kappa)) ** 2
    return kappa, np.sqrt(spread / np.sum(table)) / (1 - pe)


def test_matrix_formula_equals_sas():
    # SAS printout kept in statsmodels' tests: weighted kappa .4701, ASE .1457.
    steps = np.abs(np.subtract.outer(np.arange(3), np.arange(3)))

    kappa, se = matrix_kappa([[0, 4, 1], [0, 8, 0], [0, 1, 5]], 1 - steps / 2)

    assert kappa == pytest.approx(0.4701, abs=5e-5)
    assert se == pytest.approx(0.1457, abs=5e-5)


def test_quadratic_kappa_interval_equals_matrix_formula():
    rng = np.random.default_rng(12)
    first = rng.integers(0, 4, 80)
    second = np.clip(first + rng.integers(-1, 2, 80), 0, 3)
    steps = np.subtract.outer(np.arange(4), np.arange(4)) ** 2

    found = quadratic_kappa(first, second)

    kappa, se = matrix_kappa(pd.crosstab(first, second).reindex(range(4)).to_numpy(), 1 - steps / 9)
    assert found.value == pytest.approx(kappa, abs=1e-12)
    assert found.high - found.value == pytest.approx(1.959963984540054 * se, abs=1e-12)


def test_quadratic_kappa_with_each_pair_its_own_cluster_nears_the_plain_one():
    rng = np.random.default_rng(13)
    first = rng.integers(0, 4, 2000)
    second = np.clip(first + rng.integers(-1, 2, 2000), 0, 3)

    plain, grouped = (
        quadratic_kappa(first, second),
        quadratic_kappa(first, second, clusters=np.arange(2000)),
    )

    assert grouped.clusters == 2000
    assert grouped.low == pytest.approx(plain.low, abs=1e-4)


def test_high_agreement_can_come_with_kappa_below_zero():
    first, second = [0] * 90 + [1] * 5 + [0] * 5, [0] * 90 + [0] * 5 + [1] * 5

    assert exact_agreement(first, second).value == 0.9
    assert quadratic_kappa(first, second).value == pytest.approx(-0.05 / 0.95)


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ([np.nan] * 12, [1] * 12, "no_overlap"),
        ([1, 2, 3], [1, 2, 3], "too_few_rows"),
        ([2] * 12, [2] * 12, "zero_variance"),
        ([0, 1, 2] * 4, [2] * 12, "zero_variance"),  # κ would be 0 whatever the first gives
        ([0.1] * 12, [0, 1, 2] * 4, "zero_variance"),
    ],
)
def test_quadratic_kappa_says_why_it_is_insufficient(first, second, reason):
    assert quadratic_kappa(first, second).reason == reason


@pytest.mark.parametrize("clusters", [None, list(range(12))])
def test_quadratic_kappa_of_perfect_agreement_has_no_interval(clusters):
    found = quadratic_kappa([0, 1, 2] * 4, [0, 1, 2] * 4, clusters=clusters)

    assert (found.value, found.low, found.high) == (1.0, None, None)
    assert (found.n, found.reason) == (12, "perfect_agreement")


def test_quadratic_kappa_with_few_clusters_is_insufficient():
    found = quadratic_kappa([0, 1] * 10, [0, 1, 1, 1] * 5, clusters=[0, 1] * 10)

    assert (found.reason, found.n, found.clusters) == ("too_few_clusters", 20, 2)


@pytest.mark.parametrize(
    ("first", "second", "clusters", "message"),
    [
        ([1, 2], [1], None, "same length"),
        ([1, np.inf], [1, 2], None, "finite"),
        ([1, 2], [1, 2], [1], "one entry"),
        ([1, 2], [1, 2], ["a", None], "the cluster that it belongs to"),
    ],
)
def test_agreement_refuses_wrong_input(first, second, clusters, message):
    with pytest.raises(ValueError, match=message):
        exact_agreement(first, second, clusters)


def test_within_refuses_negative_distance():
    with pytest.raises(ValueError, match="cannot be negative"):
        within([1], [1], -1)
