import numpy as np
import pandas as pd
import pytest

from measurement.estimates import Reason
from measurement.sampling.power import (
    BlockedClusters,
    Individuals,
    ThreeLevels,
    TwoLevels,
    clusters_needed,
    design_effect,
    mdes,
    multiplier,
    persons_per_group,
    power,
)

# R 4.2.2, PowerUpR 1.1.0, its help pages and vignette
CRA2 = TwoLevels(rho=0.17, n=15, clusters=20)
CRA3 = ThreeLevels(0.06, 0.18, 10, 2, 83, 0.4, 0.55, 0.5, 0.45, covariates=1)
BCRA3F2 = BlockedClusters(rho=0.1, n=20, clusters=44, blocks=5)


@pytest.mark.parametrize(
    ("trial", "key"), [(CRA2, "cra2_single"), (CRA3, "cra3"), (BCRA3F2, "bcra3f2")]
)
def test_mdes_reference_case_with_interval(reference, trial, key):
    _, expected = reference("mdes_cluster_rct")

    found = mdes(trial)

    assert [found.value, found.low, found.high] == pytest.approx(
        expected[key]["mdes"][0], rel=1e-12
    )


def test_mdes_reference_grid(reference):
    grid, _ = reference("mdes_cluster_rct")

    found = [mdes(TwoLevels(row.rho2, row.n, row.J)).value for row in grid.itertuples()]

    assert found == pytest.approx(list(grid["mdes"]), rel=1e-12)


def test_power_multipliers_and_sizes_of_the_reference_case(reference):
    _, expected = reference("mdes_cluster_rct")
    single, alone, m = (expected[k] for k in ("cra2_single", "individual_t", "multiplier"))

    assert power(CRA2, 0.629).value == pytest.approx(single["power_at_.629"], rel=1e-10)
    assert clusters_needed(CRA2, 0.629).value == single["mrss_J_at_.629"]
    found = [multiplier(18), multiplier(28), multiplier(58)]
    assert found == pytest.approx([m["df18"], m["df28"], m["df58"]], rel=1e-11)
    assert multiplier(np.inf) == pytest.approx(m["inf_two"], rel=1e-11)
    assert multiplier(np.inf, sides=1) == pytest.approx(m["inf_one"], rel=1e-11)
    found = power(Individuals(100), 0.5, both_tails=False).value
    assert found == pytest.approx(alone["power_t_n50_d.5"], rel=1e-10)
    assert persons_per_group(0.5) == pytest.approx(alone["n_for_80"], rel=1e-8)


def test_mdes_reference_grid_with_covariates(shared_data):
    folder = shared_data / "reference" / "mdes_cluster_rct"
    grid = pd.read_csv(folder / "with_covariates.csv")

    found = [
        mdes(TwoLevels(r.rho2, r.n, r.J, r2_1=r.r21, r2_2=r.r22, covariates=r.g2)).value
        for r in grid.itertuples()
    ]

    assert found == pytest.approx(list(grid["mdes"]), rel=1e-12)


def test_published_mdes():
    assert mdes(CRA2).value == pytest.approx(0.629, abs=5e-4)
    assert mdes(CRA3).value == pytest.approx(0.23, abs=5e-4)
    assert mdes(BCRA3F2).value == pytest.approx(0.145, abs=5e-4)


def test_power_with_both_tails_equals_the_strict_one_of_r():
    # R: power.t.test(n = 50, delta = .5, strict = TRUE); power.t.test(power = .8, …)
    assert power(Individuals(100), 0.5).value == pytest.approx(0.69689340553355, rel=1e-11)
    assert persons_per_group(0.5, both_tails=True) == pytest.approx(63.765610170782, rel=1e-8)


def test_power_of_no_effect_is_alpha():
    assert power(CRA2, 0).value == pytest.approx(0.05)
    assert power(CRA2, 0, alpha=0.1, sides=1).value == pytest.approx(0.1)


def test_power_is_the_same_in_both_directions():
    assert power(CRA2, -0.4).value == pytest.approx(power(CRA2, 0.4).value, rel=1e-12)


@pytest.mark.parametrize("trial", [CRA2, CRA3, BCRA3F2, Individuals(200, r2_1=0.4, lost=0.1)])
@pytest.mark.parametrize("effect", [0.15, 0.6])
def test_needed_clusters_are_the_fewest(trial, effect):
    needed = int(clusters_needed(trial, effect, target=0.85).value)

    powers = [
        power(type(trial)(**(vars(trial) | {trial.top: count})), effect).value
        for count in (needed, needed - 1)
    ]

    assert powers[0] >= 0.85
    assert powers[1] is None or powers[1] < 0.85


def test_lost_clusters_and_persons_count_as_never_there():
    lossy = TwoLevels(0.17, 20, 25, lost=0.25, lost_clusters=0.2)

    assert mdes(lossy).value == pytest.approx(mdes(CRA2).value, rel=1e-12)
    assert (mdes(lossy).n, mdes(lossy).clusters) == (500, 25)


def test_unequal_groups_and_one_person_per_cluster():
    # Without clusters the two designs are the same one.
    alone = Individuals(60, treated=0.3, r2_1=0.2)
    clustered = TwoLevels(0.4, 1, 60, treated=0.3, r2_1=0.2, r2_2=0.2)

    assert mdes(clustered).value == pytest.approx(mdes(alone).value, rel=1e-12)


def test_too_few_clusters_are_a_reason():
    for trial in (TwoLevels(0.1, 20, 2), BlockedClusters(0.1, 20, 2, 5), Individuals(2)):
        assert mdes(trial).reason == Reason.FEW_CLUSTERS
        assert power(trial, 0.5).reason == Reason.FEW_CLUSTERS


def test_an_effect_too_small_for_any_trial_is_a_reason():
    assert clusters_needed(CRA2, 1e-5).reason == Reason.NOT_CONVERGED


def test_design_effect(reference):
    _, expected = reference("mdes_cluster_rct")
    case = expected["design_effect"]

    assert design_effect(case["rho"], case["n"]) == pytest.approx(case["deff"])
    assert design_effect(0.2, 15, cv=0.5) == pytest.approx(1 + (1.25 * 15 - 1) * 0.2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"treated": 1}, "between 0 and 1"),
        ({"r2_2": 1}, "below 1"),
        ({"lost_clusters": -0.1}, "below 1"),
        ({"rho": 1.2}, "Shares of variance"),
        ({"n": 0}, "positive numbers"),
        ({"covariates": -1}, "no fewer than 0"),
    ],
)
def test_a_trial_that_cannot_be_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        mdes(TwoLevels(**({"rho": 0.1, "n": 10, "clusters": 20} | change)))


def test_tests_and_effects_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="1 or 2 sides"):
        mdes(CRA2, sides=3)
    with pytest.raises(ValueError, match="effect of zero"):
        clusters_needed(CRA2, 0)
    with pytest.raises(ValueError, match="finite"):
        power(CRA2, np.nan)
    with pytest.raises(ValueError, match="too small"):
        persons_per_group(1e-6)
    with pytest.raises(ValueError, match="design effect needs"):
        design_effect(2, 5)
