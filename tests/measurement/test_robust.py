import numpy as np
import pandas as pd
import pytest

from measurement.evaluation.robust import fit, wald

SIZES = (3, 5, 8, 10, 12, 14)


def unbalanced():
    """52 rows in 6 clusters of unequal size, made from sines so that R reads the same numbers."""
    cluster = np.repeat(np.arange(1, 7), SIZES)
    i = np.arange(1, 53)
    return pd.DataFrame(
        {
            "y": np.round(2 + np.sin(i) + 0.5 * np.cos(3 * cluster) + 0.1 * (i % 5), 4),
            "x": np.round(np.cos(1.7 * i) + 0.3 * cluster, 4),
            "arm": (cluster % 2).astype(float),
            "w": np.round(1 + 0.9 * np.sin(0.37 * i), 3),
            "room": cluster * 10 + i % 2,
            "wave": i % 3,
            "cluster": cluster,
        }
    )


@pytest.mark.parametrize(("variance", "se"), [("CR2", "CR2_se"), ("CR1S", "CR1S_se")])
def test_fixed_effects_of_states_and_years_equal_club_sandwich(reference, variance, se):
    data, expected = reference("did_twfe_mortality")

    found = fit(
        data["mrate"],
        data[["legal", "beertaxa"]],
        data["state"],
        absorb=data[["state", "year"]],
        variance=variance,
    )

    table = found.coefficients.set_index("name")
    assert table["estimate"].to_dict() == pytest.approx(expected["coef"], abs=1e-9)
    assert table["se"].tolist() == pytest.approx(expected[se], abs=1e-9)
    assert (found.n, found.clusters) == (expected["n"], expected["clusters"])


def test_degrees_of_freedom_and_p_equal_club_sandwich(reference):
    data, expected = reference("did_twfe_mortality")
    effects = data[["state", "year"]]

    found = fit(data["mrate"], data[["legal", "beertaxa"]], data["state"], absorb=effects)

    assert found.coefficients["df"].tolist() == pytest.approx(expected["CR2_df"], abs=1e-8)
    assert found.coefficients["p"].tolist() == pytest.approx(expected["CR2_p"], abs=1e-9)


def test_weighted_fixed_effects_equal_club_sandwich(reference):
    # R 4.2.2, clubSandwich 0.5.8: lm with indicators, weights = pop / mean(pop).
    data, _ = reference("did_twfe_mortality")
    effects = data[["state", "year"]]

    found = fit(
        data["mrate"], data[["legal", "beertaxa"]], data["state"], absorb=effects,
        weights=data["pop"],
    )  # fmt: skip
    joint = wald(found, ["legal", "beertaxa"])

    assert found.coefficients["se"].tolist() == pytest.approx([2.13481833874, 4.36881099248])
    assert found.coefficients["df"].tolist() == pytest.approx([8.51952781749, 6.85091782009])
    assert joint.statistic == pytest.approx(11.54058342641)
    assert joint.df2 == pytest.approx(8.65337560807)
    assert joint.p == pytest.approx(0.00361616364838)


@pytest.mark.parametrize(
    ("variance", "weighted", "se", "df"),
    [
        (
            "CR0",
            False,
            [0.126265314168, 0.0849035744617, 0.0798185926641],
            [3.88999632459, 4.64672252748, 3.39101268701],
        ),
        (
            "CR1",
            False,
            [0.138316721601, 0.0930072058909, 0.0874368874209],
            [3.88999632459, 4.64672252748, 3.39101268701],
        ),
        (
            "CR1S",
            False,
            [0.141111281112, 0.0948863291727, 0.0892034676472],
            [3.88999632459, 4.64672252748, 3.39101268701],
        ),
        (
            "CR2",
            False,
            [0.144717483028, 0.096464730209, 0.103094471249],
            [3.74518548812, 4.34729569739, 3.01943163148],
        ),
        (
            "CR0",
            True,
            [0.160627108253, 0.111739444348, 0.16094999463],
            [2.76007960953, 3.93808245482, 3.32241328466],
        ),
        (
            "CR1",
            True,
            [0.175958181073, 0.122404428465, 0.176311885378],
            [2.76007960953, 3.93808245482, 3.32241328466],
        ),
        (
            "CR1S",
            True,
            [0.179513250936, 0.124877495032, 0.179874101504],
            [2.76007960953, 3.93808245482, 3.32241328466],
        ),
        (
            "CR2",
            True,
            [0.206996442734, 0.143013572136, 0.248495888663],
            [2.5955148574, 3.80348270373, 2.66928195456],
        ),
    ],
)
def test_unbalanced_clusters_equal_club_sandwich(variance, weighted, se, df):
    data = unbalanced()

    found = fit(
        data["y"],
        data[["x", "arm"]],
        data["cluster"],
        weights=data["w"] if weighted else None,
        variance=variance,
    )

    assert found.coefficients["se"].tolist() == pytest.approx(se, rel=1e-9)
    if variance == "CR2":
        assert found.coefficients["df"].tolist() == pytest.approx(df, rel=1e-9)


@pytest.mark.parametrize("weighted", [False, True])
def test_absorbed_effects_equal_their_indicators(weighted):
    data = unbalanced()
    weights = data["w"] if weighted else None
    indicators = [
        pd.get_dummies(data[name], prefix=name, drop_first=True, dtype=float)
        for name in ("room", "wave")
    ]

    absorbed = fit(
        data["y"], data[["x"]], data["cluster"], data[["room", "wave"]], weights=weights
    ).coefficients
    whole = fit(
        data["y"], pd.concat([data[["x"]], *indicators], axis=1), data["cluster"], weights=weights
    ).coefficients

    row = whole[whole["name"] == "x"].iloc[0]
    assert absorbed.iloc[0].tolist()[1:] == pytest.approx(row.tolist()[1:], rel=1e-9)


def test_joint_test_equals_club_sandwich():
    data = unbalanced()

    joint = wald(fit(data["y"], data[["x", "arm"]], data["cluster"]), ["x", "arm"])

    assert (joint.statistic, joint.df2, joint.p) == pytest.approx(
        (19.6792017543, 2.78451875415, 0.0227598522271), rel=1e-9
    )


def test_joint_test_of_one_coefficient_is_its_t_squared():
    data = unbalanced()
    found = fit(data["y"], data[["x", "arm"]], data["cluster"])
    row = found.coefficients.set_index("name").loc["arm"]

    joint = wald(found, ["arm"])

    assert joint.statistic == pytest.approx((row["estimate"] / row["se"]) ** 2)
    assert (joint.df2, joint.p) == (pytest.approx(row["df"]), pytest.approx(row["p"]))


def test_each_row_its_own_cluster_gives_hc2():
    rng = np.random.default_rng(5)
    x = rng.normal(size=40)
    y = x + rng.normal(size=40)
    design = np.column_stack([np.ones(40), x])
    bread = np.linalg.inv(design.T @ design)
    hat = np.einsum("ij,jk,ik->i", design, bread, design)
    errors = y - design @ (bread @ design.T @ y)
    hc2 = bread @ (design.T * (errors**2 / (1 - hat))) @ design @ bread

    found = fit(y, pd.DataFrame({"x": x}), np.arange(40))

    assert found.covariance == pytest.approx(hc2)


def test_indicators_of_every_group_need_no_constant():
    data = unbalanced()
    groups = pd.get_dummies(data["arm"], prefix="arm", dtype=float)

    found = fit(data["y"], groups, data["cluster"])

    assert found.coefficients["name"].tolist() == ["arm_0.0", "arm_1.0"]
    assert found.coefficients["estimate"].tolist() == pytest.approx(
        data.groupby("arm")["y"].mean().tolist()
    )


def test_rows_with_a_gap_or_weight_zero_are_left_out():
    data = unbalanced()
    holed = pd.concat([data, data.assign(y=np.nan), data.assign(y=99.0, w=0.0)])

    found = fit(holed["y"], holed[["x"]], holed["cluster"], weights=holed["w"])

    expected = fit(data["y"], data[["x"]], data["cluster"], weights=data["w"])
    assert found.n == 52
    assert found.coefficients.equals(expected.coefficients)


def test_column_that_others_hold_is_dropped_by_name():
    data = unbalanced().assign(double=lambda frame: 2 * frame["x"] + 1)

    found = fit(data["y"], data[["x", "double"]], data["cluster"])

    assert found.dropped == ("double",)
    assert found.estimate("double").reason == "not_identified"
    assert found.estimate("x").sufficient


def test_column_of_one_cluster_has_no_interval():
    data = unbalanced().assign(own=lambda frame: (frame["cluster"] == 2).astype(float))

    found = fit(data["y"], data[["own", "x"]], data["cluster"]).estimate("own")

    assert (found.low, found.high, found.reason) == (None, None, "few_clusters")


def test_joint_test_of_more_columns_than_clusters_can_tell_is_none():
    data = unbalanced()
    rooms = pd.get_dummies(data["room"], prefix="room", drop_first=True, dtype=float)

    found = fit(data["y"], rooms, data["cluster"], variance="CR1")

    assert wald(found, list(rooms.columns)) is None


def test_perfect_fit_has_no_interval():
    data = unbalanced()

    found = fit(1 + 2 * data["x"], data[["x"]], data["cluster"])

    assert found.estimate("x").value == pytest.approx(2)
    assert found.estimate("x").reason == "clusters_alike"
    assert wald(found, ["x"]) is None


@pytest.mark.parametrize(
    ("change", "kept", "reason"),
    [
        ({"y": np.nan}, 52, "all_missing"),
        ({"y": 1.5}, 52, "zero_variance"),
        ({"w": 0.0}, 52, "zero_weights"),
        ({"cluster": 1}, 52, "too_few_clusters"),
        ({"x": 1.0}, 52, "not_identified"),
        ({}, 0, "too_few_rows"),
        ({"cluster": np.arange(52)}, 2, "too_few_rows"),
    ],
)
def test_fit_says_why_it_is_insufficient(change, kept, reason):
    data = unbalanced().assign(**change).iloc[:kept]
    absorb = data["arm"] if reason == "not_identified" else None

    found = fit(data["y"], data[["x"]], data["cluster"], absorb, weights=data["w"])

    assert found.reason == reason
    assert found.estimate("x").reason == reason


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": [1.0] * 51 + [-1.0]}, "not negative"),
        ({"weights": [1.0]}, "one entry for each row"),
        ({"clusters": [None] * 52}, "needs its cluster"),
        ({"absorb": pd.Series([1])}, "to be absorbed must have one entry"),
        ({"x": pd.DataFrame({"x": ["a"] * 52})}, "make indicators"),
        ({"y": [np.inf] * 52}, "finite"),
        ({"variance": "CR9"}, "one of CR0"),
        ({"confidence": 95}, "between 0 and 1"),
    ],
)
def test_fit_refuses_wrong_input(change, message):
    data = unbalanced()
    given = {"y": data["y"], "x": data[["x"]], "clusters": data["cluster"]} | change

    with pytest.raises(ValueError, match=message):
        fit(**given)


def test_estimate_refuses_an_unknown_column():
    data = unbalanced()

    with pytest.raises(ValueError, match="no column"):
        fit(data["y"], data[["x"]], data["cluster"]).estimate("z")
