from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from measurement.evaluation.matching import match


def centres(n=60, seed=2):
    rng = np.random.default_rng(seed)
    size, score = rng.normal(50, 10, n), rng.normal(40, 8, n)
    chance = 1 / (1 + np.exp((score - 34) / 4))
    return pd.DataFrame(
        {"size": size, "score": score, "arm": (rng.random(n) < chance).astype(int)},
        index=[f"c{i:02d}" for i in range(n)],
    )


@pytest.mark.parametrize("method", ["propensity", "mahalanobis"])
def test_matching_makes_centres_alike(method):
    found = match(centres(300), "arm", ["size", "score"], method, caliper=0.2)

    table = found.balance.set_index("name")
    assert abs(table.loc["score", "before"]) > 0.8
    assert abs(table.loc["score", "after"]) < 0.15
    assert found.pairs["control"].is_unique
    assert len(found.pairs) + len(found.unmatched) == table["n_treated"].iloc[0]


def test_mahalanobis_of_one_covariate_is_the_distance_in_standard_deviations():
    data = pd.DataFrame({"x": [0.0, 4, 1, 3, 9], "arm": [1, 1, 0, 0, 0]}, index=list("abcde"))
    spread = np.sqrt((8 + 104 / 3) / 3)

    found = match(data, "arm", ["x"], "mahalanobis", caliper=None).pairs

    assert found[["treated", "control"]].to_numpy().tolist() == [["a", "c"], ["b", "d"]]
    assert found["distance"].tolist() == pytest.approx([1 / spread, 1 / spread])


def test_matching_is_the_closest_of_all_pairings():
    data = centres(14, seed=5).assign(arm=[1] * 5 + [0] * 9)
    found = match(data, "arm", ["size", "score"], "mahalanobis", caliper=None)
    x = data[["size", "score"]].to_numpy()
    parts = [part - part.mean(axis=0) for part in (x[:5], x[5:])]
    inverse = np.linalg.inv(sum(part.T @ part for part in parts) / 12)
    gaps = x[:5, None] - x[None, 5:]
    distance = np.sqrt(np.einsum("abi,ij,abj->ab", gaps, inverse, gaps))

    best = min(distance[range(5), list(chosen)].sum() for chosen in permutations(range(9), 5))

    assert found.pairs["distance"].sum() == pytest.approx(best)


def test_caliper_leaves_far_centres_unmatched():
    data = pd.DataFrame(
        {"x": [0.0, 50, 1, 2, 3, 4], "arm": [1, 1, 0, 0, 0, 0]}, index=list("abcdef")
    )

    found = match(data, "arm", ["x"], "mahalanobis", caliper=0.5)

    assert found.pairs["treated"].tolist() == ["a"]
    assert found.unmatched == ("b",)


@pytest.mark.parametrize(
    ("change", "covariates", "reason"),
    [
        ({"arm": 1}, ["score"], "one_group"),
        ({"score": np.nan}, ["score"], "all_missing"),
        ({"score": 3.0}, ["score"], "zero_variance"),
        ({"score": np.arange(60.0), "arm": [0] * 30 + [1] * 30}, ["score"], "perfect_separation"),
    ],
)
def test_matching_says_why_there_are_no_pairs(change, covariates, reason):
    found = match(centres().assign(**change), "arm", covariates)

    assert (found.reason, len(found.pairs)) == (reason, 0)


def test_matching_without_anyone_near_has_no_overlap():
    data = pd.DataFrame({"x": [0.0, 1, 50, 51], "arm": [1, 1, 0, 0]})

    assert match(data, "arm", ["x"], "mahalanobis", caliper=0.1).reason == "no_overlap"


def test_matching_of_few_centres_is_insufficient():
    assert match(centres(4).assign(arm=[0, 1, 0, 1]), "arm", ["size", "score"]).reason == (
        "too_few_rows"
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"method": "greedy"}, "one of propensity"),
        ({"caliper": 0}, "above 0"),
        ({"covariates": []}, "at least one covariate"),
        ({"centres": centres().set_index("arm", drop=False)}, "one row per centre"),
    ],
)
def test_matching_refuses_wrong_input(given, message):
    with pytest.raises(ValueError, match=message):
        match(**({"centres": centres(), "arm": "arm", "covariates": ["score"]} | given))
