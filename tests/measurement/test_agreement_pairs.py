import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa

from measurement.agreement import (
    agreement_table,
    cohen_kappa,
    exact_agreement,
    quadratic_kappa,
    side_by_side,
    within,
)

# Two raters of the anxiety example of R's irr package.
ANXIETY_2 = [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4]
ANXIETY_3 = [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2]


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


def test_agreement_by_clusters_stays_a_share_however_near_to_all():
    second = np.zeros(100)
    second[::33] = 1

    found = exact_agreement(np.zeros(100), second, clusters=np.repeat(np.arange(20), 5))

    assert found.value == 0.96
    assert 0.8 < found.low < 0.96 < found.high < 1


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


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
def test_cohen_kappa_equals_statsmodels(weights):
    rng = np.random.default_rng(14)
    first = rng.integers(0, 4, 90)
    second = np.clip(first + rng.integers(-1, 2, 90), 0, 3)
    table = pd.crosstab(first, second).to_numpy()

    found = cohen_kappa(first, second, weights)

    expected = cohens_kappa(table, wt=None if weights == "none" else weights)
    assert found.value == pytest.approx(expected.kappa, abs=1e-12)
    assert found.high - found.value == pytest.approx(
        1.959963984540054 * expected.std_kappa, abs=1e-12
    )


def test_cohen_kappa_equals_sas_with_linear_weights():
    # The printout of test_matrix_formula_equals_sas.
    pairs = [(0, 1)] * 4 + [(0, 2)] + [(1, 1)] * 8 + [(2, 1)] + [(2, 2)] * 5
    first, second = zip(*pairs, strict=True)

    found = cohen_kappa(first, second, "linear")

    assert found.value == pytest.approx(0.4701, abs=5e-5)
    assert (found.high - found.value) / 1.959963984540054 == pytest.approx(0.1457, abs=5e-5)


@pytest.mark.parametrize("clusters", [None, np.repeat(np.arange(20), 4)])
def test_cohen_kappa_with_quadratic_weights_is_quadratic_kappa(clusters):
    rng = np.random.default_rng(15)
    first = rng.choice([1, 2, 5, 9], 80)
    second = np.where(rng.random(80) < 0.6, first, rng.choice([1, 2, 5, 9], 80))

    found = cohen_kappa(first, second, "quadratic", clusters=clusters)
    known = quadratic_kappa(first, second, clusters)

    assert found.method == known.method
    assert found.as_dict() == pytest.approx(known.as_dict(), abs=1e-12)


def test_cohen_kappa_of_words_stands_at_their_places():
    words = np.array(["never", "often", "always"], dtype=object)
    first, second = np.tile([0, 1, 2, 2], 5), np.tile([0, 1, 1, 2], 5)

    found = cohen_kappa(words[first], words[second], "linear", categories=words)

    assert found == cohen_kappa(first, second, "linear")


def test_cohen_kappa_leaves_out_pairs_with_a_gap():
    found = cohen_kappa(["a", "b"] * 10 + ["a", None], ["a", "b"] * 10 + [None, "b"])

    assert (found.value, found.n, found.reason) == (1.0, 20, "perfect_agreement")


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ([None] * 12, ["a"] * 12, "no_overlap"),
        (["a", "b"], ["a", "b"], "too_few_rows"),
        (["a", "b"] * 6, ["a"] * 12, "zero_variance"),
    ],
)
def test_cohen_kappa_says_why_it_is_insufficient(first, second, reason):
    assert cohen_kappa(first, second).reason == reason


@pytest.mark.parametrize(
    ("second", "changes", "message"),
    [
        ([1, 2, 3], {}, "same length"),
        ([1, "a"], {}, "not both"),
        (["b", "a"], {"weights": "linear"}, "in their order"),
        ([1, 2], {"weights": "cubic"}, "none, linear or quadratic"),
        ([1, 4], {"categories": [1, 2, 3]}, "not among the categories"),
        ([1, 2], {"categories": [1, 1, 2]}, "listed once"),
        ([1, np.inf], {}, "finite"),
    ],
)
def test_cohen_kappa_refuses_wrong_input(second, changes, message):
    first = second[:2][::-1]
    with pytest.raises(ValueError, match=message):
        cohen_kappa(first, second, **changes)


def test_side_by_side_shows_high_agreement_with_kappa_below_zero():
    found = side_by_side([0] * 90 + [1] * 5 + [0] * 5, [0] * 90 + [0] * 5 + [1] * 5)

    assert found["exact"].value == 0.9
    assert found["within_one"].value == 1.0
    assert found["kappa"].value == pytest.approx(-0.05 / 0.95)


def test_agreement_table_has_a_row_per_item_and_statistic():
    pairs = pd.DataFrame(
        {
            "item": ["b"] * 20 + ["a"] * 4,
            "first": [0, 1, 2, 3] * 5 + [1.0, 2, 3, np.nan],
            "second": [0, 1, 2, 2] * 5 + [1, 2, 2, 1],
        }
    )

    found = agreement_table(pairs)

    assert found[["item", "statistic", "n", "reason"]].to_numpy().tolist() == [
        ["b", "exact", 20, ""],
        ["b", "within_one", 20, ""],
        ["b", "kappa", 20, ""],
        ["a", "exact", 3, ""],
        ["a", "within_one", 3, ""],
        ["a", "kappa", 3, "too_few_rows"],
    ]
    assert found["value"].dtype == float
    assert found["value"].tolist()[:2] == [0.75, 1.0]


def test_agreement_table_takes_clusters():
    pairs = pd.DataFrame(
        {
            "item": 1,
            "first": [0, 1, 2, 3] * 10,
            "second": [0, 1, 2, 2, 0, 1, 1, 3] * 5,
            "cluster": np.repeat(np.arange(20), 2),
        }
    )

    assert agreement_table(pairs)["clusters"].tolist() == [20, 20, 20]
