import numpy as np
import pandas as pd
import pytest
from scipy import stats

from measurement.multilevel import linear_mixed
from tests.measurement.invented import sessions

SESSIONS = sessions()
COLUMNS = SESSIONS[["dose", "treated"]]


def groups(*names):
    return {name: SESSIONS[name] for name in names}


def variances(fit):
    rows = fit.components[fit.components["second"] == ""]
    return {
        f"{g}.{first}".strip("."): v
        for g, first, v in zip(rows["group"], rows["first"], rows["vcov"], strict=True)
    }


@pytest.mark.parametrize("method", ["REML", "ML"])
def test_mixed_model_equals_reference(reference, method):
    data, expected = reference("lmm_sleepstudy")
    wanted = expected[method]

    fit = linear_mixed(
        data["Reaction"],
        data[["Days"]],
        {"Subject": data["Subject"]},
        {"Subject": ["Days"]},
        reml=method == "REML",
    )

    assert fit.fixed["est"].to_dict() == pytest.approx(wanted["fixef"], abs=1e-4)
    # Standard deviations to .01; that R's own stop short of its optimum shows in variances of 600.
    sds = {name: np.sqrt(v) for name, v in wanted["vc"].items() if ".cov." not in name}
    found = {name: np.sqrt(v) for name, v in variances(fit).items()}
    assert found == pytest.approx(sds, abs=0.01)
    assert variances(fit)["Residual"] == pytest.approx(wanted["vc"]["Residual"], abs=0.01)
    if method == "REML":
        assert fit.criterion == pytest.approx(wanted["REMLcrit"], abs=1e-7)
        assert fit.fixed["se"].to_dict() == pytest.approx(wanted["se"], abs=1e-4)
        assert fit.fixed["df"].to_dict() == pytest.approx(wanted["df_satterthwaite"], abs=1e-3)
        assert fit.fixed["p"].to_dict() == pytest.approx(wanted["p"], rel=1e-3)
        blups = fit.effects["Subject"].loc[[int(s) for s in expected["blup"]["subject"]]]
        assert blups["(Intercept)"].tolist() == pytest.approx(
            expected["blup"]["intercept"], abs=1e-3
        )
        assert blups["Days"].tolist() == pytest.approx(expected["blup"]["days"], abs=1e-3)
    else:
        assert fit.loglik == pytest.approx(wanted["loglik"], abs=1e-6)
        assert fit.aic == pytest.approx(wanted["aic"], abs=1e-6)


def test_random_intercept_equals_reference(reference):
    data, expected = reference("lmm_sleepstudy")

    fit = linear_mixed(data["Reaction"], data[["Days"]], {"Subject": data["Subject"]})

    assert variances(fit) == pytest.approx(expected["random_intercept_only"]["vc"], abs=0.01)
    assert fit.icc["Subject"] == pytest.approx(expected["random_intercept_only"]["ICC"], abs=1e-6)


def test_nested_and_crossed_groupings_equal_lme4():
    # R 4.2.2, lme4 1.1-31 (bobyqa, rhoend 1e-12), lmerTest 3.1-3.
    fit = linear_mixed(SESSIONS["score"], COLUMNS, groups("centre", "room", "mentor"))

    assert fit.criterion == pytest.approx(1437.8215560371, abs=1e-8)
    assert (fit.aic, fit.bic) == pytest.approx((1451.82155604, 1476.1860285), abs=1e-7)
    assert variances(fit) == pytest.approx(
        {
            "room.(Intercept)": 8.353933692,
            "centre.(Intercept)": 9.342968915,
            "mentor.(Intercept)": 2.851058005,
            "Residual": 16.834093001,
        },
        rel=1e-6,
    )
    assert fit.fixed["est"].tolist() == pytest.approx(
        [49.370966051, 1.914531868, 1.706603841], abs=1e-7
    )
    assert fit.fixed["se"].tolist() == pytest.approx(
        [1.5904243664, 0.2781125571, 2.0246005799], rel=1e-6
    )
    assert fit.fixed["df"].tolist() == pytest.approx(
        [13.18668631, 203.54981590, 10.02014028], rel=1e-6
    )


def test_nested_levels_by_ml_equal_lme4():
    fit = linear_mixed(SESSIONS["score"], COLUMNS, groups("centre", "room"), reml=False)

    assert fit.criterion == pytest.approx(1456.2781800264, abs=1e-8)
    assert fit.fixed["df"].tolist() == pytest.approx(
        [12.00393935, 209.55105929, 12.01557903], rel=1e-6
    )
    total = 8.471858629 + 7.204129584 + 18.791856918
    assert fit.icc == pytest.approx(
        {"centre": 7.204129584 / total, "room": (8.471858629 + 7.204129584) / total}, rel=1e-6
    )


def test_slope_beside_a_crossed_grouping_equals_lme4():
    fit = linear_mixed(SESSIONS["score"], COLUMNS, groups("centre", "mentor"), {"centre": ["dose"]})

    assert fit.criterion == pytest.approx(1465.6192069377, abs=1e-8)
    assert fit.components["sdcor"].tolist() == pytest.approx(
        [3.3771986983, 0.6770451143, -0.3308279315, 1.7536045851, 4.7810869587], abs=1e-5
    )
    assert fit.fixed["df"].tolist() == pytest.approx(
        [13.262603842, 9.769554193, 10.064621605], rel=1e-5
    )
    assert fit.effects["centre"].loc[0].tolist() == pytest.approx(
        [-1.88188063, 0.36570453], abs=1e-5
    )
    assert fit.icc == {}


def test_units_of_a_slope_do_not_matter():
    given, slopes = groups("centre"), {"centre": ["dose"]}
    grams = COLUMNS.assign(dose=5000 * COLUMNS["dose"])

    plain = linear_mixed(SESSIONS["score"], COLUMNS, given, slopes, reml=False)
    small = linear_mixed(SESSIONS["score"], grams, given, slopes, reml=False)

    assert small.criterion == pytest.approx(plain.criterion, abs=1e-8)
    assert small.fixed.loc["dose", "p"] == pytest.approx(plain.fixed.loc["dose", "p"], rel=1e-4)
    sd = [fit.components["sdcor"][1] for fit in (plain, small)]
    assert 5000 * sd[1] == pytest.approx(sd[0], rel=1e-5)


def test_sparse_elimination_equals_dense():
    # 600 rooms go the sparse way; of one balanced grouping the estimates have a formula.
    rng = np.random.default_rng(3)
    room = np.repeat(np.arange(600), 4)
    y = rng.normal(size=600)[room] + rng.normal(size=2400)
    means = y.reshape(600, 4)
    within = means.var(axis=1, ddof=1).mean()
    between = 4 * means.mean(axis=1).var(ddof=1)

    fit = linear_mixed(y, None, {"room": room, "centre": room // 10})
    alone = linear_mixed(y, None, {"room": room})

    assert variances(alone) == pytest.approx(
        {"room.(Intercept)": (between - within) / 4, "Residual": within}, rel=1e-6
    )
    assert fit.criterion <= alone.criterion + 1e-8


def test_balanced_clusters_give_the_t_test_of_their_means():
    rng = np.random.default_rng(5)
    cluster = np.repeat(np.arange(10), 8)
    treated = cluster < 5
    y = rng.normal(size=10)[cluster] + rng.normal(size=80)
    means = y.reshape(10, 8).mean(axis=1)

    fit = linear_mixed(y, pd.DataFrame({"treated": treated.astype(float)}), {"centre": cluster})

    assert fit.fixed.loc["treated", "df"] == pytest.approx(8, abs=1e-5)
    assert fit.fixed.loc["treated", "p"] == pytest.approx(
        stats.ttest_ind(means[:5], means[5:]).pvalue, abs=1e-6
    )
    assert fit.effect("treated").clusters == 10


def test_variance_of_zero_is_said_and_not_hidden():
    # Centres differ less than chance would have them.
    y = np.tile([1.0, 2.0, 3.0, 5.0], 6) + np.repeat([0, 0.1, 0, 0.1, 0, 0.1], 4)

    fit = linear_mixed(y, None, {"centre": np.repeat(np.arange(6), 4)})

    assert fit.boundary == ("centre",)
    assert variances(fit)["centre.(Intercept)"] == 0
    assert fit.converged


def test_rows_with_a_gap_are_left_out_and_labels_may_be_words():
    rng = np.random.default_rng(6)
    frame = SESSIONS[["score", "dose"]].copy()
    frame.loc[rng.random(240) < 0.2, "dose"] = np.nan
    named = SESSIONS["centre"].map(lambda c: f"centre {c * 7}")
    kept = frame["dose"].notna()

    holed = linear_mixed(frame["score"], frame[["dose"]], {"centre": named})
    whole = linear_mixed(
        frame["score"][kept], frame[["dose"]][kept], {"centre": SESSIONS["centre"][kept]}
    )

    assert holed.n == int(kept.sum())
    assert holed.criterion == pytest.approx(whole.criterion, abs=1e-9)


def test_dummies_of_every_category_need_no_intercept():
    both = pd.DataFrame({"old": 1 - SESSIONS["treated"], "new": SESSIONS["treated"]})

    fit = linear_mixed(SESSIONS["score"], both, groups("centre"))

    assert fit.fixed.index.tolist() == ["old", "new"]


SMALL = np.array([1.0, 2, 4, 3, 5, 9, 7, 8])
FOUR = np.repeat(np.arange(4), 2)


@pytest.mark.parametrize(
    ("y", "x", "given", "observers", "reason"),
    [
        (SMALL * np.nan, None, {"c": FOUR}, None, "all_missing"),
        (SMALL[:2], None, {"c": [0, 1]}, None, "too_few_rows"),
        (SMALL * 0, None, {"c": FOUR}, None, "zero_variance"),
        (SMALL, {"a": SMALL, "b": 2 * SMALL}, {"c": FOUR}, None, "not_identified"),
        (SMALL, None, {"c": np.arange(8)}, None, "not_identified"),
        (SMALL, None, {"c": FOUR * 0}, None, "too_few_clusters"),
        (SMALL, None, {"c": FOUR, "o": FOUR * 0}, "o", "one_rater"),
        (SMALL, None, {"c": FOUR, "o": FOUR + 10}, None, "observers_confounded"),
        (SMALL, None, {"c": FOUR // 2, "o": FOUR}, "o", "observers_confounded"),
        (FOUR * 1.0, None, {"c": FOUR}, None, "improper_solution"),
        (2 * SMALL + 1, {"a": SMALL}, {"c": FOUR}, None, "improper_solution"),
    ],
)
def test_mixed_model_says_why_it_is_insufficient(y, x, given, observers, reason):
    fit = linear_mixed(y, None if x is None else pd.DataFrame(x), given, observers=observers)

    assert fit.reason == reason
    assert fit.effect("(Intercept)").reason == reason
    assert fit.fixed.empty


def test_observers_nested_in_centres_are_allowed_when_they_are_not_the_judges():
    fit = linear_mixed(SESSIONS["score"], None, groups("centre", "room", "mentor"), observers=None)

    assert fit.reason == ""


def test_mentors_who_cross_centres_pass_the_guard():
    given = groups("centre", "room", "mentor")

    assert linear_mixed(SESSIONS["score"], None, given, observers="mentor").reason == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((SMALL, None, {}), "at least one grouping"),
        ((SMALL, None, {"c": [1, 2]}), "one entry for each row"),
        ((SMALL, None, {"c": [None, *FOUR[1:]]}), "Every row needs its level"),
        ((SMALL, None, {"c": FOUR}, {"c": ["dose"]}), "random slope needs"),
        ((np.append(SMALL[1:], np.inf), None, {"c": FOUR}), "finite"),
        ((["a"] * 8, None, {"c": FOUR}), "must be numbers"),
        ((SMALL, pd.DataFrame({"a": [1.0]}), {"c": FOUR}), "one row for each outcome"),
    ],
)
def test_mixed_model_refuses_wrong_input(arguments, message):
    with pytest.raises(ValueError, match=message):
        linear_mixed(*arguments)


def test_mixed_model_refuses_observers_that_are_no_grouping():
    with pytest.raises(ValueError, match="not one of the groupings"):
        linear_mixed(SMALL, None, {"c": FOUR}, observers="mentor")
