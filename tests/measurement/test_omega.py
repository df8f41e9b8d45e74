"""Expected values from R psych 2.2.9 (omega) and R lavaan 0.6-14 (one factor, ML)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from measurement.reliability import cronbach_alpha
from measurement.reliability.omega import (
    omega,
    omega_congeneric,
    omega_hierarchical,
    omega_of_correlation,
    omega_total,
)
from tests.measurement.harman import HARMAN, ROWS

ATTITUDE = pd.read_csv(Path(__file__).parent / "attitude.csv")


def bifactor(n=600, seed=1):
    """Nine items: general loading .6, group loading .5 on one of three."""
    rng = np.random.default_rng(seed)
    groups = rng.normal(size=(n, 3)).repeat(3, axis=1)
    scores = 0.6 * rng.normal(size=(n, 1)) + 0.5 * groups
    return pd.DataFrame(scores + 0.39**0.5 * rng.normal(size=(n, 9)))


# ΣΣ r of the nine items: 81·.36 + 27·.25 + 9·.39
TRUE_TOTAL = 1 - 9 * 0.39 / (81 * 0.36 + 27 * 0.25 + 9 * 0.39)
TRUE_HIERARCHICAL = 81 * 0.36 / (81 * 0.36 + 27 * 0.25 + 9 * 0.39)


def test_omega_of_a_matrix_nears_psych():
    found = omega_of_correlation(HARMAN, ROWS, 2)

    assert found.hierarchical.value == pytest.approx(0.600741363, abs=5e-5)
    assert found.total.value == pytest.approx(0.944916901, abs=5e-6)


def test_omega_of_an_item_explained_wholly_is_improper():
    # R psych goes on, with uniquenesses held at .005, to .718 and .951.
    assert omega_of_correlation(HARMAN, ROWS, 3).total.reason == "improper_solution"


@pytest.mark.parametrize(
    ("factors", "general", "total"),
    [(2, 0.415240681329, 0.816690565382), (3, 0.449242434071, 0.850835073357)],
)
def test_omega_of_nine_tests_equals_psych(reference, factors, general, total):
    data, _ = reference("cfa_holzinger_swineford")
    tests = data[[f"x{i}" for i in range(1, 10)]]

    found = omega(tests, factors)

    assert found.hierarchical.value == pytest.approx(general, abs=1e-5)
    assert found.total.value == pytest.approx(total, abs=1e-6)
    assert omega_total(tests, factors) == found.total
    assert omega_hierarchical(tests, factors) == found.hierarchical


def test_omega_of_one_factor_has_no_hierarchical():
    found = omega(ATTITUDE, 1)

    assert found.total.value == pytest.approx(0.850992465, abs=1e-6)
    assert found.hierarchical.reason == "not_identified"


def test_schmid_leiman_gives_the_communalities_back():
    found = omega(bifactor()).loadings

    parts = found[["g", "F1", "F2", "F3"]]
    assert list(found.columns) == ["g", "F1", "F2", "F3", "h2", "u2"]
    assert (parts**2).sum(axis=1).to_numpy() == pytest.approx(found["h2"].to_numpy(), abs=1e-5)
    assert (found["h2"] + found["u2"]).to_numpy() == pytest.approx(np.ones(9))


def test_omega_recovers_the_truth():
    found = omega(bifactor(20_000))

    assert found.total.value == pytest.approx(TRUE_TOTAL, abs=0.005)
    assert found.hierarchical.value == pytest.approx(TRUE_HIERARCHICAL, abs=0.02)


def test_omega_with_a_seed_has_intervals():
    first, second = (
        omega(bifactor(), rng=np.random.default_rng(7), resamples=40) for _ in range(2)
    )

    for found in (first.total, first.hierarchical):
        assert found.low < found.value < found.high
    assert first.total == second.total
    assert first.total.method.endswith("bootstrap of rows, log(1-omega), t")


def test_omega_of_clusters_draws_whole_ones():
    data = bifactor(200).loc[np.repeat(range(200), 3)].reset_index(drop=True)
    clusters = np.repeat(range(200), 3)

    rows = omega_congeneric(data, np.random.default_rng(1), resamples=80)
    grouped = omega_congeneric(data, np.random.default_rng(1), clusters, 80)

    assert (rows.clusters, grouped.clusters, grouped.n) == (None, 200, 600)
    assert grouped.high - grouped.low > 1.4 * (rows.high - rows.low)


@pytest.mark.parametrize(
    ("columns", "value"),
    [(range(1, 10), 0.738069171678), (range(4, 7), 0.885880923932)],
)
def test_omega_of_one_factor_equals_lavaan(reference, columns, value):
    data, _ = reference("cfa_holzinger_swineford")

    found = omega_congeneric(data[[f"x{i}" for i in columns]])

    assert found.value == pytest.approx(value, abs=1e-6)


def test_omega_of_attitude_equals_lavaan():
    assert omega_congeneric(ATTITUDE).value == pytest.approx(0.856326836775, abs=1e-6)


def test_omega_of_equal_loadings_is_alpha():
    rng = np.random.default_rng(2)
    data = pd.DataFrame(rng.normal(size=(50_000, 1)) + rng.normal(size=(50_000, 4)))

    assert omega_congeneric(data).value == pytest.approx(
        cronbach_alpha(data).estimate.value, abs=1e-4
    )


def test_many_resamples_without_solution_leave_no_interval():
    found = omega_congeneric(
        ATTITUDE[["rating", "critical", "advance"]], np.random.default_rng(1), resamples=60
    )

    assert found.sufficient
    assert (found.low, found.reason) == (None, "improper_solution")


def test_few_clusters_leave_no_interval():
    found = omega_congeneric(bifactor(), np.random.default_rng(1), np.arange(600) % 5, 40)

    assert (found.low, found.reason, found.clusters) == (None, "few_clusters", 5)


@pytest.mark.parametrize(
    ("frame", "factors", "reason"),
    [
        (ATTITUDE[["rating"]], 1, "too_few_items"),
        (ATTITUDE.iloc[:29], 3, "too_few_rows"),
        (ATTITUDE * np.nan, 3, "all_missing"),
        (ATTITUDE.assign(same=1), 3, "zero_variance"),
        (ATTITUDE.assign(again=ATTITUDE["rating"]), 3, "not_positive_definite"),
        (ATTITUDE, 3, "improper_solution"),
        (ATTITUDE, 4, "not_identified"),
    ],
)
def test_omega_says_why_it_is_insufficient(frame, factors, reason):
    found = omega(frame, factors)

    assert found.total.reason == found.hierarchical.reason == reason
    assert found.loadings.empty


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (ATTITUDE[["rating", "raises"]], "not_identified"),
        (ATTITUDE.iloc[:29], "too_few_rows"),
        (ATTITUDE.assign(again=ATTITUDE["rating"]), "not_positive_definite"),
    ],
)
def test_omega_of_one_factor_says_why_it_is_insufficient(frame, reason):
    assert omega_congeneric(frame).reason == reason


def test_two_factors_that_pull_apart_have_no_general_one():
    rng = np.random.default_rng(3)
    pair = rng.multivariate_normal([0, 0], [[1, -0.4], [-0.4, 1]], size=2000)
    data = pd.DataFrame(np.repeat(pair, 3, axis=1) + 0.5 * rng.normal(size=(2000, 6)))

    found = omega(data, 2)

    assert found.total.sufficient
    assert found.hierarchical.reason == "not_identified"
    assert "g" not in found.loadings


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: omega(ATTITUDE, clusters=[1]), "one entry"),
        (lambda: omega(ATTITUDE, clusters=[None] * 30), "needs the cluster"),
        (lambda: omega_of_correlation(HARMAN.iloc[:3], 9), "same both ways"),
        (lambda: omega_of_correlation(HARMAN, 9, 0), "at least one factor"),
    ],
)
def test_omega_refuses_wrong_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
