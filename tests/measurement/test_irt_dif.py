import numpy as np
import pandas as pd
import pytest
from statsmodels.miscmodels.ordinal_model import OrderedModel

from measurement.irt import logistic_dif, mantel_haenszel
from measurement.irt.dif.ordinal import cumulative_logit
from tests.measurement.answers import graded


@pytest.fixture(scope="module")
def case():
    """Eight items of four steps, three groups; group y is often given 0 on item i2."""
    rng = np.random.default_rng(4)
    data, _ = graded(1200, 8, 3, seed=9)
    group = pd.Series(rng.choice(["x", "y", "z"], 1200))
    data.loc[(group == "y") & (rng.random(1200) < 0.25), "i2"] = 0
    return data, group


def of(table, item, group):
    return table[(table["item"] == item) & (table["group"] == group)].iloc[0]


def test_mantel_haenszel_equals_r(case):
    # R 4.2.2: mantelhaen.test(table, correct = TRUE), conf.int = exp(log_low), exp(log_high)
    data, group = case

    found = of(mantel_haenszel((data > 1).astype(float), group, "x"), "i2", "y")

    assert found["chi2"] == pytest.approx(18.8360697798, abs=1e-9)
    assert found["p"] == pytest.approx(1.42447627726e-05, rel=1e-9)
    assert found["odds_ratio"] == pytest.approx(2.14489786272, abs=1e-10)
    assert np.exp(found["log_low"]) == pytest.approx(1.52498827217, abs=1e-10)
    assert np.exp(found["log_high"]) == pytest.approx(3.01680145708, abs=1e-10)
    assert found["delta"] == pytest.approx(-2.35 * np.log(2.14489786272), abs=1e-9)
    assert (found["reference"], found["class"], found["reason"]) == ("x", "C", "")


def test_mantel_of_more_steps_equals_r(case):
    # R 4.2.2: mantelhaen.test of the 2 × 4 × 25 table; Mantel's χ² from its formula in R.
    data, group = case

    found = of(mantel_haenszel(data, group, "x"), "i2", "y")

    assert (found["chi2_general"], found["df_general"]) == (
        pytest.approx(26.5208744855, abs=1e-9),
        3,
    )
    assert found["p_general"] == pytest.approx(7.4188304267e-06, rel=1e-9)
    assert found["chi2"] == pytest.approx(24.5235728696, abs=1e-9)
    assert (found["class"], np.isnan(found["odds_ratio"])) == ("C", True)
    assert found["smd"] < 0


def test_logistic_equals_r(case):
    # R 4.2.2: glm(binomial) of the items cut in two, ordinal 2022.11-16's clm of all steps.
    data, group = case

    two = of(logistic_dif((data > 1).astype(float), group, "x"), "i2", "y")
    four = of(logistic_dif(data, group, "x"), "i2", "y")

    assert two["chi2_uniform"] == pytest.approx(23.3197505834, abs=1e-7)
    assert two["chi2_nonuniform"] == pytest.approx(7.69064959019, abs=1e-7)
    assert two["log_odds"] == pytest.approx(-0.826309414451, abs=1e-7)
    assert two["log_high"] - two["log_odds"] == pytest.approx(
        1.959963985 * 0.173756469619, abs=1e-6
    )
    assert [two["r2_uniform"], two["r2"]] == pytest.approx(
        [0.0296373962957, 0.0392166248361], abs=1e-9
    )
    assert four["chi2_uniform"] == pytest.approx(29.2190867493, abs=1e-7)
    assert four["chi2_nonuniform"] == pytest.approx(2.97326620232, abs=1e-7)
    assert four["log_odds"] == pytest.approx(-0.761305406431, abs=1e-6)
    assert [four["r2_uniform"], four["r2"]] == pytest.approx(
        [0.028012761171, 0.0308042158659], abs=1e-9
    )
    assert (two["class"], four["class"]) == ("B", "A")


def test_cumulative_logit_equals_statsmodels():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(300, 2))
    y = (x @ [1.0, -0.5] + rng.logistic(size=300) > [[-1], [0.2], [1.5]]).sum(axis=0)

    found = cumulative_logit((y == np.arange(4)[:, None]).astype(float), x)

    other = OrderedModel(y, x, distr="logit").fit(method="newton", disp=False)
    assert found.loglik == pytest.approx(other.llf, abs=1e-7)
    assert found.slopes == pytest.approx(other.params[:2], abs=1e-5)
    assert found.se == pytest.approx(other.bse[:2], abs=1e-5)


def test_each_group_against_the_rest(case):
    data, group = case

    found = mantel_haenszel(data, group, "rest")

    assert found["group"].drop_duplicates().tolist() == ["x", "y", "z"]
    assert (found["n_reference"] + found["n_focal"]).eq(1200).all()
    assert of(found, "i2", "y")["class"] == "C"
    assert set(found.loc[found["class"] != "A", "item"]) == {"i2"}


def test_largest_group_is_the_reference_unless_one_is_named(case):
    data, group = case

    found = logistic_dif(data, group.where(group != "z", "x"))

    assert found[["group", "reference"]].drop_duplicates().to_numpy().tolist() == [["y", "x"]]


def test_p_values_are_adjusted_over_all_rows(case):
    data, group = case

    found = mantel_haenszel(data, group, "rest")

    assert found["p_holm"].min() == pytest.approx(24 * found["p"].min())
    assert (found["p_bh"] <= found["p_holm"] + 1e-15).all()


@pytest.mark.parametrize("method", [mantel_haenszel, logistic_dif])
def test_purified_score_is_the_score_without_the_items_that_differ(case, method):
    data, group = case
    data = data.copy()
    rng = np.random.default_rng(8)
    data.loc[(group == "y") & (rng.random(1200) < 0.7), "i2"] = 0
    rest = data.drop(columns="i2").sum(axis=1)

    purified = of(method(data, group, "x", purify=True), "i0", "y")

    by_hand = of(method(data, group, "x", matching=rest), "i0", "y")
    assert purified["chi2"] == pytest.approx(by_hand["chi2"], abs=1e-7)
    assert purified["chi2"] < of(method(data, group, "x"), "i0", "y")["chi2"]


def test_rest_score_leaves_the_item_out(case):
    data, group = case

    found = of(mantel_haenszel(data, group, "x", matching="rest"), "i2", "y")

    by_hand = mantel_haenszel(data, group, "x", matching=data.drop(columns="i2").sum(axis=1))
    assert found["chi2"] == pytest.approx(of(by_hand, "i2", "y")["chi2"], abs=1e-9)


def test_gaps_need_a_matching_value_of_their_own(case):
    data, group = case
    holed = data.mask(np.random.default_rng(1).random(data.shape) < 0.2)

    by_score = mantel_haenszel(holed, group, "x")
    by_value = mantel_haenszel(holed, group, "x", matching=holed.mean(axis=1))

    complete = holed.notna().all(axis=1)
    assert of(by_score, "i2", "y")["n_focal"] == (complete & (group == "y")).sum()
    assert of(by_value, "i2", "y")["n_focal"] == (holed["i2"].notna() & (group == "y")).sum()


def test_group_without_a_complete_row_has_small_cells(case):
    data, group = case
    holed = data.assign(i0=data["i0"].where(group != "z"))

    found = mantel_haenszel(holed, group, "x")

    assert set(found.loc[found["group"] == "z", "reason"]) == {"small_cells"}
    assert set(found.loc[found["group"] == "y", "reason"]) == {""}


def test_many_matching_values_are_put_into_twenty_strata(case):
    data, group = case
    value = data.sum(axis=1) + np.random.default_rng(2).random(1200)

    found = mantel_haenszel(data, group, "x", matching=value)

    assert found["strata"].max() == 20
    assert of(found, "i2", "y")["p"] < 1e-3


@pytest.mark.parametrize("method", [mantel_haenszel, logistic_dif])
def test_dif_says_why_it_is_insufficient(case, method):
    data, group = case
    few = group.mask((group == "z") & (group.index > 60))
    data = data.assign(never=np.nan, always=2.0)
    score = data.iloc[:, :8].sum(axis=1)

    one = method(data, pd.Series("x", index=data.index))
    small = method(data, few, "x", matching=score)

    assert set(one["reason"]) == {"one_group"}
    assert of(small, "i0", "z")["reason"] == "small_cells"
    assert np.isnan(of(small, "i0", "z")["p"])
    assert of(small, "never", "y")["reason"] == "all_missing"
    assert of(small, "always", "y")["reason"] == "zero_variance"
    assert of(small, "i0", "y")["reason"] == ""


def test_an_item_that_parts_the_groups_is_perfect_separation(case):
    data, group = case
    cut = (data > 1).astype(float).assign(parted=(group == "y").astype(float))

    assert of(mantel_haenszel(cut, group, "x"), "parted", "y")["reason"] == "perfect_separation"
    assert of(logistic_dif(cut, group, "x"), "parted", "y")["reason"] == "perfect_separation"


def test_groups_that_share_no_score_do_not_overlap(case):
    data, group = case

    found = mantel_haenszel(data, group, "x", matching=group.map({"x": 0.0, "y": 1.0, "z": 2.0}))

    assert set(found["reason"]) == {"no_overlap"}


def test_logistic_without_spread_of_the_matching_value_is_insufficient(case):
    data, group = case

    found = logistic_dif(data, group, "x", matching=pd.Series(1.0, index=data.index))

    assert set(found["reason"]) == {"zero_variance"}


def test_a_curve_that_turns_in_one_group_is_not_uniform():
    data, _ = graded(4000, 8, 1, seed=12)
    group = pd.Series(np.resize(["a", "b"], 4000))
    data.loc[group == "b", "i3"] = np.random.default_rng(1).integers(0, 2, 2000)

    found = of(logistic_dif(data, group), "i3", "b")

    assert found["p_nonuniform"] < 1e-8
    assert found["chi2_nonuniform"] > found["chi2_uniform"]


def test_dif_refuses_wrong_input(case):
    data, group = case
    with pytest.raises(ValueError, match="reference group w"):
        mantel_haenszel(data, group, "w")
    with pytest.raises(ValueError, match="matched"):
        logistic_dif(data, group, matching="theta")
    twice = pd.concat([data, data])
    with pytest.raises(ValueError, match="names of their own"):
        logistic_dif(twice, group)


def test_groups_are_matched_to_rows_by_name(case):
    data, group = case

    shuffled = mantel_haenszel(data, group.sample(frac=1, random_state=1), "x")

    pd.testing.assert_frame_equal(shuffled, mantel_haenszel(data, group, "x"))
