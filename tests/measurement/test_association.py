import numpy as np
import pytest

from measurement.association import adjusted_correlation, group_means_at_mean_baseline


def rooms(rng, centres, per_centre, rho):
    """x and y with true partial correlation rho, both driven by the baseline, in centres."""
    clusters = np.repeat(np.arange(centres), per_centre)
    root = np.linalg.cholesky([[1, rho], [rho, 1]]).T
    shared = rng.normal(size=(centres, 2)) @ root
    own = rng.normal(size=(len(clusters), 2)) @ root
    baseline = rng.normal(size=len(clusters))
    x, y = (0.6 * shared[clusters] + 0.8 * own).T
    return x - 0.7 * baseline, y - 0.7 * baseline, baseline, clusters


def residuals(of, on):
    design = np.column_stack([np.ones(len(on)), on])
    return of - design @ np.linalg.lstsq(design, of, rcond=None)[0]


def test_adjusted_correlation_is_that_of_residuals():
    rng = np.random.default_rng(4)
    x, y, baseline, clusters = rooms(rng, 20, 4, 0.4)

    found = adjusted_correlation(x, y, baseline, clusters, rng)

    expected = np.corrcoef(residuals(x, baseline), residuals(y, baseline))[0, 1]
    assert found.value == pytest.approx(expected, abs=1e-12)
    assert -1 < found.low < found.value < found.high < 1
    assert (found.n, found.clusters) == (80, 20)


def test_regression_to_the_mean_is_no_association():
    # Dose goes to rooms that were low by chance; nothing has any effect.
    rng = np.random.default_rng(6)
    true = rng.normal(size=600)
    first, last = true + rng.normal(size=600), true + rng.normal(size=600)
    dose = (first < np.quantile(first, 0.25)).astype(float)

    found = adjusted_correlation(dose, last - first, first, np.arange(600) // 6, rng)

    assert np.corrcoef(dose, last - first)[0, 1] > 0.3
    assert found.low < 0 < found.high


def test_adjusted_correlation_with_equal_baselines_is_plain_pearson():
    rng = np.random.default_rng(7)
    x, y, baseline, clusters = rooms(rng, 15, 3, 0.3)

    found = adjusted_correlation(x, y, baseline * 0 + 41.7, clusters, rng)

    assert found.value == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-12)


def test_adjusted_correlation_repeats_with_the_same_seed():
    data = rooms(np.random.default_rng(8), 15, 3, 0.3)

    first, second = (adjusted_correlation(*data, np.random.default_rng(1)) for _ in range(2))

    assert first == second


@pytest.mark.parametrize("constant", ["x", "y"])
def test_adjusted_correlation_of_a_constant_is_insufficient(constant):
    rng = np.random.default_rng(9)
    x, y, baseline, clusters = rooms(rng, 15, 3, 0.3)
    x, y = (x * 0 + 0.1, y) if constant == "x" else (x, y * 0 + 0.1)

    assert adjusted_correlation(x, y, baseline, clusters, rng).reason == "zero_variance"


def test_adjusted_correlation_of_dose_that_follows_the_baseline_is_insufficient():
    rng = np.random.default_rng(10)
    _, y, baseline, clusters = rooms(rng, 15, 3, 0.3)

    found = adjusted_correlation(3 - 2 * baseline, y, baseline, clusters, rng)

    assert found.reason == "zero_variance"


def test_adjusted_correlation_refuses_missing_values():
    with pytest.raises(ValueError, match="finite"):
        adjusted_correlation(
            np.array([1.0, np.nan]), np.ones(2), np.ones(2), np.arange(2), np.random.default_rng(1)
        )


def test_bootstrap_interval_covers_at_its_rate():
    rng = np.random.default_rng(30)

    hits = 0
    for _ in range(400):
        found = adjusted_correlation(*rooms(rng, 40, 5, 0.3), rng, resamples=200)
        hits += found.low <= 0.3 <= found.high

    # 95 % less what 40 clusters cost, ± 3 Monte-Carlo standard errors.
    assert 0.90 <= hits / 400 <= 0.983


def test_group_means_equal_the_formula_row_by_row():
    rng = np.random.default_rng(11)
    x, y, baseline, clusters = rooms(rng, 12, 5, 0.3)
    groups = {"few": x < 0.2, "many": x >= 0.2}

    found = group_means_at_mean_baseline(y, baseline, clusters, groups)

    design = np.column_stack([x < 0.2, x >= 0.2, baseline - baseline.mean()]).astype(float)
    coefficients, *_ = np.linalg.lstsq(design, y, rcond=None)
    left = y - design @ coefficients
    meat = np.zeros((3, 3))
    for cluster in range(12):
        score = sum(left[i] * design[i] for i in np.flatnonzero(clusters == cluster))
        meat += np.outer(score, score)
    bread = np.linalg.inv(design.T @ design)
    variance = bread @ meat @ bread * 12 / 11 * 59 / 57
    assert found["few"].value == pytest.approx(coefficients[0], abs=1e-12)
    assert found["many"].clusters == len(set(clusters[x >= 0.2])) == 11
    # t(10), 97.5 %: 2.228139
    assert found["many"].high - found["many"].value == pytest.approx(
        2.2281388519649 * np.sqrt(variance[1, 1]), abs=1e-11
    )


def test_group_mean_of_centres_that_are_all_alike_has_no_interval():
    clusters, first = np.arange(24) % 12, np.arange(24.0)
    flat = np.arange(24) < 12
    y = np.where(flat, 5.0, np.random.default_rng(14).normal(size=24))

    found = group_means_at_mean_baseline(y, first * 0, clusters, {"flat": flat, "rest": ~flat})

    assert (found["flat"].value, found["flat"].low) == (pytest.approx(5), None)
    assert found["flat"].reason == "clusters_alike"
    assert found["rest"].low < found["rest"].value < found["rest"].high


def test_group_means_without_groups_are_none():
    assert group_means_at_mean_baseline(np.ones(3), np.ones(3), np.arange(3), {}) == {}


def test_group_means_cover_under_selection_of_the_lowest_quarter():
    rng = np.random.default_rng(12)
    clusters, hits = np.repeat(np.arange(60), 5), 0
    for _ in range(400):
        true = rng.normal(size=300)
        first, last = true + 0.5 * rng.normal(size=300), true + 0.5 * rng.normal(size=300)
        low = first < np.quantile(first, 0.25)
        found = group_means_at_mean_baseline(
            last - first, first, clusters, {"chosen": low, "others": ~low}
        )
        # The expected change of anyone at the mean first score is 0 (up to the sample's mean).
        target = -(1 - 1 / 1.25) * first.mean()
        hits += found["chosen"].low <= target <= found["chosen"].high

    assert 0.91 <= hits / 400 <= 0.983
