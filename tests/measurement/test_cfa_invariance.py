import numpy as np
import pandas as pd
import pytest

from measurement.cfa import Model, invariance, invariance_over_time

HOLZINGER = Model(
    {"visual": ["x1", "x2", "x3"], "textual": ["x4", "x5", "x6"], "speed": ["x7", "x8", "x9"]}
)
ITEMS = [f"i{j}" for j in range(6)]
ONE = Model({"f": ITEMS})
LOADINGS = np.array([0.8, 0.7, 0.6, 0.75, 0.65, 0.7])


def rooms(n, seed=1, mean=0.0, loadings=LOADINGS, intercepts=0.0):
    rng = np.random.default_rng(seed)
    factor = mean + rng.normal(size=(n, 1))
    values = intercepts + factor * loadings + 0.6 * rng.normal(size=(n, 6))
    return pd.DataFrame(values, columns=ITEMS)


def stepped(data):
    return (data.to_numpy()[:, :, None] > [-0.9, 0.1, 1.0]).sum(axis=2) + 0 * data


def together(*groups):
    labels = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    return pd.concat(groups, ignore_index=True), pd.Series(labels).map(dict(enumerate("abcdef")))


def by_step(found):
    return found.steps.set_index("step")


def test_steps_equal_lavaan(reference):
    # R lavaan 0.6-14: cfa(…, group = "school", group.equal = …), lavTestLRT
    data, _ = reference("cfa_holzinger_swineford")

    found = by_step(invariance(data, data["school"], HOLZINGER))

    assert found["df"].tolist() == [48, 54, 60, 69]
    for column, expected in {
        "chisq": [115.85134388, 124.04354418, 164.10283093, 181.51134523],
        "cfi": [0.92339838, 0.92092347, 0.88247181, 0.87297892],
        "rmsea": [0.09691486, 0.09283654, 0.10737110, 0.10408913],
        "rmsea_high": [0.11958283, 0.11441110, 0.12719438, 0.12268137],
        "srmr": [0.06786401, 0.07165158, 0.08244706, 0.08826265],
    }.items():
        assert found[column].tolist() == pytest.approx(expected, abs=1e-6)
    assert found["d_chisq"].tolist()[1:] == pytest.approx(
        [8.192200304, 40.059286745, 17.408514305], abs=1e-6
    )
    assert found["d_p"].tolist()[1:] == pytest.approx(
        [2.243577468e-01, 4.434566180e-07, 4.269001086e-02], abs=1e-7
    )


def test_robust_steps_equal_lavaan(reference):
    data, _ = reference("cfa_holzinger_swineford")

    found = by_step(invariance(data, data["school"], HOLZINGER, "MLR"))

    for column, expected in {
        "chisq": [121.74069393, 125.99745551, 166.74821905, 181.42870239],
        "cfi": [0.92061484, 0.91981440, 0.88115461, 0.87275468],
        "rmsea": [0.09855925, 0.09338984, 0.10786086, 0.10407459],
    }.items():
        assert found[column].tolist() == pytest.approx(expected, rel=2e-6)
    assert found["d_chisq"].tolist()[1:] == pytest.approx(
        [6.567201737, 40.838391228, 15.693864964], rel=2e-5
    )


def test_means_of_later_groups_equal_lavaan(reference):
    data, _ = reference("cfa_holzinger_swineford")
    first_pasteur = pd.Categorical(data["school"], ["Pasteur", "Grant-White"])

    found = invariance(data, first_pasteur, HOLZINGER).fits["scalar"].estimates

    means = found[(found["op"] == "~1") & found["lhs"].isin(HOLZINGER.factors)]
    means = means[means["group"] == "Grant-White"]
    assert means["est"].tolist() == pytest.approx([-0.14769906, 0.57636315, -0.17735025], abs=5e-6)
    assert means["se"].tolist() == pytest.approx([0.12196814, 0.11719028, 0.09013520], abs=1e-6)


def test_equal_groups_are_invariant_and_their_means_differ():
    data, groups = together(rooms(400, 1), rooms(400, 2, mean=0.5))

    found = invariance(data, groups, ONE)

    assert (by_step(found)["d_p"].iloc[1:] > 0.01).all()
    means = found.fits["scalar"].estimates.query("op == '~1' and lhs == 'f' and group == 'b'")
    assert means["z"].iloc[0] > 4


def test_a_loading_that_differs_fails_metric():
    other = LOADINGS * [1, 1, 1, 1, 1, 0.2]
    data, groups = together(rooms(400, 1), rooms(400, 2, loadings=other))

    found = by_step(invariance(data, groups, ONE))

    assert found.loc["metric", "d_p"] < 1e-6
    assert found.loc["metric", "d_cfi"] < -0.01


def test_an_intercept_that_differs_fails_scalar_alone():
    data, groups = together(rooms(400, 1), rooms(400, 2, intercepts=[0, 0, 0, 0, 0, 0.5]))

    found = by_step(invariance(data, groups, ONE))

    assert found.loc["metric", "d_p"] > 0.01
    assert found.loc["scalar", "d_p"] < 1e-6


@pytest.mark.parametrize("estimator", ["ML", "WLSMV"])
def test_scale_of_the_factor_does_not_change_the_steps(estimator):
    data, groups = together(rooms(300, 1), rooms(300, 2, mean=0.3))
    data = stepped(data) if estimator == "WLSMV" else data

    marker = invariance(data, groups, ONE, estimator)
    variance = invariance(data, groups, Model(ONE.factors, "variance"), estimator)

    pd.testing.assert_frame_equal(marker.steps, variance.steps, atol=1e-6, rtol=1e-6)


def test_ordinal_steps_free_what_wu_and_estabrook_free():
    # 3 thresholds, 6 items, 2 groups: thresholds −18 + 12 intercepts and scales; loadings −5;
    # intercepts −6 + 1 mean.
    data, groups = together(rooms(300, 1), rooms(300, 2, mean=0.3))

    found = by_step(invariance(stepped(data), groups, ONE, "WLSMV"))

    assert found["df"].tolist() == [18, 24, 29, 34]
    assert found["against"].tolist()[1:] == ["configural", "thresholds", "metric"]
    assert (found["d_p"].iloc[1:] > 0.01).all()


def test_a_threshold_that_differs_fails_scalar():
    data, groups = together(rooms(500, 1), rooms(500, 2))
    answers = stepped(data)
    harder = data["i5"].gt(0.1) & data["i5"].lt(0.6) & groups.eq("b")
    answers["i5"] = answers["i5"].mask(harder, 1)

    found = by_step(invariance(answers, groups, ONE, "WLSMV"))

    assert found.loc[["thresholds", "scalar"], "d_p"].min() < 1e-3


def test_two_steps_per_item_tell_only_configural_and_scalar_apart():
    data, groups = together(rooms(400, 1), rooms(400, 2, mean=0.3))
    cuts = np.array([-0.6, -0.2, 0.1, 0.3, 0.6, -0.4])

    found = by_step(invariance((data > cuts).astype(int), groups, ONE, "WLSMV"))

    assert found["reason"].tolist() == ["", "not_identified", "not_identified", ""]
    assert found.loc["scalar", "against"] == "configural"
    assert found.loc["scalar", "d_df"] == 4


def test_group_that_is_too_small_is_left_out_by_name():
    data, groups = together(rooms(200, 1), rooms(200, 2), rooms(20, 3))

    found = invariance(data, groups, ONE)

    assert found.groups["group"].tolist() == ["a", "b", "c"]
    assert found.groups["n"].tolist() == [200, 200, 20]
    assert found.groups["reason"].tolist() == ["", "", "too_few_rows"]
    assert found.fits["metric"].n == 400
    assert found.fits["metric"].n_total == 420


def test_group_with_an_item_that_does_not_vary_is_left_out_by_name():
    data, groups = together(rooms(200, 1), rooms(200, 2), rooms(200, 3).assign(i2=1.0))

    assert invariance(data, groups, ONE).groups["reason"].tolist() == ["", "", "zero_variance"]


def test_group_that_lacks_a_step_is_left_out_by_name():
    data, groups = together(rooms(200, 1), rooms(200, 2), rooms(200, 3))
    answers = stepped(data)
    answers["i0"] = answers["i0"].mask(groups.eq("b") & answers["i0"].eq(3), 2)

    found = invariance(answers, groups, ONE, "WLSMV")

    assert found.groups["reason"].tolist() == ["", "small_cells", ""]
    assert set(found.fits["scalar"].estimates["group"]) == {"a", "c"}


@pytest.mark.parametrize("estimator", ["ML", "WLSMV"])
@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        (["a"] * 300, "one_group"),
        ([None] * 300, "one_group"),
        (["a"] * 290 + ["b"] * 10, "too_few_rows"),
    ],
)
def test_invariance_says_why_it_is_insufficient(labels, reason, estimator):
    data = stepped(rooms(300))

    found = invariance(data, labels, ONE, estimator)

    assert (found.reason, len(found.steps), found.fits) == (reason, 0, {})


def test_invariance_refuses_wrong_input():
    with pytest.raises(ValueError, match="one entry for each row"):
        invariance(rooms(100), ["a"] * 99, ONE)
    with pytest.raises(ValueError, match="estimator is one of"):
        invariance(rooms(100), ["a", "b"] * 50, ONE, "GLS")


def waves(n=400, drift=0.0):
    rng = np.random.default_rng(4)
    first = rng.normal(size=(n, 1))
    second = 0.3 + 0.7 * first + 0.6 * rng.normal(size=(n, 1))
    own = 0.4 * rng.normal(size=(n, 6))
    found = [
        pd.DataFrame(own + factor * LOADINGS + 0.5 * rng.normal(size=(n, 6)), columns=ITEMS)
        for factor in (first, second)
    ]
    found[1]["i5"] += drift
    return {"autumn": found[0], "spring": found[1]}


@pytest.mark.parametrize("estimator", ["ML", "MLR", "WLSMV"])
def test_the_same_rooms_twice_are_invariant(estimator):
    both = waves()
    if estimator == "WLSMV":
        both = {wave: stepped(data) for wave, data in both.items()}

    found = invariance_over_time(both, ONE, estimator)

    assert found.reason == ""
    assert (by_step(found)["d_p"].iloc[1:] > 0.01).all()
    mean = found.fits["scalar"].estimates.query("op == '~1' and lhs == 'f@spring'")
    assert mean["z"].iloc[0] > 3


def test_an_item_that_became_easier_fails_scalar_over_time():
    found = by_step(invariance_over_time(waves(drift=0.4), ONE))

    assert found["df"].tolist() == [47, 52, 57, 63]
    assert found.loc["metric", "d_p"] > 0.01
    assert found.loc["scalar", "d_p"] < 1e-6


def test_rooms_are_matched_by_name():
    both = waves()
    shuffled = both | {"spring": both["spring"].sample(frac=1, random_state=1).iloc[20:]}

    found = invariance_over_time(shuffled, ONE)

    assert found.groups[["n", "n_total"]].iloc[0].tolist() == [380, 400]
    assert found.fits["metric"].fit["rmsea"] < 0.05


@pytest.mark.parametrize(
    ("change", "estimator", "reason"),
    [
        (lambda data: data.iloc[:30], "ML", "too_few_rows"),
        (lambda data: data.assign(i0=1.0), "ML", "zero_variance"),
        (lambda data: stepped(data).clip(upper=2), "WLSMV", "small_cells"),
    ],
)
def test_invariance_over_time_says_why_it_is_insufficient(change, estimator, reason):
    both = waves()
    first = stepped(both["autumn"]) if estimator == "WLSMV" else both["autumn"]

    found = invariance_over_time({1: first, 2: change(both["spring"])}, ONE, estimator)

    assert (found.reason, found.groups["reason"].iloc[0]) == (reason, reason)
    assert len(found.steps) == 0


def test_invariance_over_time_refuses_wrong_input():
    one = rooms(60)
    with pytest.raises(ValueError, match="at least two"):
        invariance_over_time({1: one}, ONE)
    with pytest.raises(ValueError, match="one row on each occasion"):
        invariance_over_time({1: one, 2: one.set_axis([0] * 60)}, ONE)
