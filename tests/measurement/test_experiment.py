import numpy as np
import pandas as pd
import pytest
from scipy import stats

from measurement.evaluation.experiment import anova_icc, cluster_trial
from measurement.evaluation.permutation import draws


def trial(effect=8.0, clusters=16, size=6, seed=1):
    """Rooms of centres, half of them treated by lot; pairs and strata ride along."""
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(clusters), size)
    pair = cluster // 2
    side = (cluster % 2 == rng.integers(0, 2, clusters // 2)[pair]).astype(float)
    before = 50 + 5 * rng.normal(size=clusters)[cluster] + 10 * rng.normal(size=len(cluster))
    after = before * 0.6 + effect * side + 4 * rng.normal(size=clusters)[cluster]
    return pd.DataFrame(
        {
            "after": after + 6 * rng.normal(size=len(cluster)),
            "before": before,
            "arm": np.where(side == 1, "mentored", "as before"),
            "centre": cluster,
            "pair": pair,
            "zone": np.where(pair < clusters // 4, "north", "south"),
        }
    )


def test_pairs_of_equal_clusters_equal_the_paired_t_test():
    data = trial()
    means = data.groupby(["pair", "arm"])["after"].mean().unstack()
    t = stats.ttest_rel(means["mentored"], means["as before"])

    found = cluster_trial(data, "after", "arm", "centre", pairs="pair", treatment="mentored")

    ends = t.confidence_interval()
    assert found.difference.value == pytest.approx((means["mentored"] - means["as before"]).mean())
    assert (found.difference.low, found.difference.high) == pytest.approx((ends.low, ends.high))
    assert found.p == pytest.approx(t.pvalue, rel=1e-9)


def test_clusters_of_equal_size_equal_the_t_test_of_their_means():
    data = trial()
    means = data.groupby(["centre", "arm"])["after"].mean().reset_index("arm")
    groups = [means.loc[means["arm"] == arm, "after"] for arm in ("mentored", "as before")]
    t = stats.ttest_ind(*groups)

    found = cluster_trial(data, "after", "arm", "centre", treatment="mentored")

    assert found.p == pytest.approx(t.pvalue, rel=1e-9)


def test_baseline_narrows_the_interval():
    data = trial(clusters=60)

    plain, adjusted = (
        cluster_trial(data, "after", "arm", "centre", baseline=name, treatment="mentored")
        for name in (None, "before")
    )

    width = [found.difference.high - found.difference.low for found in (plain, adjusted)]
    assert width[1] < 0.9 * width[0]


def test_exact_randomisation_test_counts_every_lot():
    # Four clusters of one row, two treated: of the six lots the real one and its mirror are
    # furthest apart, so p = 2/6.
    data = pd.DataFrame({"y": [1.0, 2, 5, 9], "arm": [0, 0, 1, 1], "centre": list("abcd")})

    found = cluster_trial(data, "y", "arm", "centre", rng=np.random.default_rng(0))

    assert (found.randomisation_p, found.exact) == (pytest.approx(2 / 6), True)


def test_exact_randomisation_test_of_pairs_is_the_sign_flip_test():
    data = pd.DataFrame(
        {
            "y": [1.0, 3, 2, 5, 4, 5],
            "arm": [0, 1] * 3,
            "centre": range(6),
            "pair": [0, 0, 1, 1, 2, 2],
        }
    )

    found = cluster_trial(data, "y", "arm", "centre", pairs="pair", rng=np.random.default_rng(0))

    assert found.randomisation_p == 2 / 8


def test_sampled_randomisation_test_is_near_the_t_test():
    data = trial(effect=3.0, clusters=40)

    found = cluster_trial(
        data, "after", "arm", "centre", baseline="before", strata="zone", treatment="mentored",
        rng=np.random.default_rng(3),
    )  # fmt: skip

    assert not found.exact
    assert found.randomisation_p == pytest.approx(found.p, abs=0.04)


def test_draws_keep_the_treated_of_each_stratum():
    arm, strata = np.array([1.0, 0, 0, 1, 1, 0, 0, 0, 1, 0]), np.array(list("aaabbbbccc"))

    found = draws(arm, strata, np.random.default_rng(0), most=50)

    assert not found.exact
    for name in "abc":
        assert set(found.arms[:, strata == name].sum(axis=1)) == {arm[strata == name].sum()}


def test_all_draws_differ():
    found = draws(np.array([1.0, 1, 0, 0, 1, 0]), np.array(list("aaaabb")), None, most=100)

    assert found.exact
    assert len(np.unique(found.arms, axis=0)) == len(found.arms) == 12


def test_draws_refuse_none_at_all():
    with pytest.raises(ValueError, match="at least one draw"):
        draws(np.array([1.0, 0]), ["a", "a"], None, most=0)


def test_effect_size_of_independent_rows_is_hedges_g():
    data = trial(size=1, clusters=40)
    groups = [data.loc[data["arm"] == arm, "after"] for arm in ("mentored", "as before")]
    pooled = np.sqrt(np.mean([group.var() for group in groups]))
    g = (1 - 3 / (4 * 38 - 1)) * (groups[0].mean() - groups[1].mean()) / pooled

    found = cluster_trial(data, "after", "arm", "centre", treatment="mentored").effect_size

    assert found.value == pytest.approx(g)
    assert found.low < g < found.high


def test_icc_equals_the_one_way_form_of_shrout_and_fleiss():
    # Within one arm it is ICC(1,1): .1657 in table 2 of Shrout & Fleiss (1979).
    ratings = [9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7]

    icc, size = anova_icc(np.array(ratings, float), np.zeros(24), np.repeat(np.arange(6), 4))

    assert (icc, size) == (pytest.approx(0.1657417684055), 4)


def test_balance_shows_what_differed_before():
    data = trial().assign(before=lambda frame: frame["before"] + 9 * (frame["arm"] == "mentored"))

    found = cluster_trial(
        data, "after", "arm", "centre", baseline="before", covariates=["zone"], treatment="mentored"
    ).balance

    assert found["name"].tolist() == ["before", "zone=south"]
    assert found["standardised_difference"].iloc[0] > 0.5
    assert found["standardised_difference"].iloc[1] == pytest.approx(0, abs=1e-12)


def test_flow_counts_what_each_step_leaves():
    data = trial()
    data.loc[:3, "after"] = np.nan
    data.loc[90:, "before"] = np.nan

    found = cluster_trial(
        data, "after", "arm", "centre", baseline="before", treatment="mentored"
    ).flow

    assert found["rows"].tolist() == [96, 92, 86]
    assert found["clusters"].tolist() == [16, 16, 15]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"arm": "mentored"}, "one_group"),
        ({"after": np.nan}, "all_missing"),
        ({"after": 3.0}, "zero_variance"),
        ({"arm": ["mentored"] * 6 + ["as before"] * 90}, "lonely_cluster"),
    ],
)
def test_trial_says_why_it_is_insufficient(change, reason):
    found = cluster_trial(
        trial().assign(**change), "after", "arm", "centre", treatment="mentored",
        rng=np.random.default_rng(0),
    )  # fmt: skip

    assert (found.difference.reason, found.effect_size.reason) == (reason, reason)
    assert found.randomisation_p is None


@pytest.mark.parametrize(
    ("change", "given", "message"),
    [
        ({"arm": ["mentored", "as before"] * 48}, {}, "stands in both arms"),
        ({}, {"treatment": "helped"}, "Nobody is in the arm helped"),
        ({}, {"treatment": None}, "must be named"),
        ({"arm": ["mentored"] * 48 + ["a"] * 24 + ["b"] * 24}, {}, "two arms"),
        ({}, {"strata": "zone", "pairs": "pair"}, "either strata or pairs"),
        ({}, {"baseline": "first"}, "lack these columns: first"),
    ],
)
def test_trial_refuses_wrong_input(change, given, message):
    with pytest.raises(ValueError, match=message):
        cluster_trial(
            trial().assign(**change),
            "after",
            "arm",
            "centre",
            **({"treatment": "mentored"} | given),
        )
