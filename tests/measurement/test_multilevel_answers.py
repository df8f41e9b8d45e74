import numpy as np
import pandas as pd
import pytest

from measurement.multilevel import binomial_mixed, ordinal_mixed
from tests.measurement.invented import sessions

SESSIONS = sessions()
COLUMNS = SESSIONS[["dose", "treated"]]


def groups(*names):
    return {name: SESSIONS[name] for name in names}


# R 4.2.2, lme4 1.1-31: glmer with bobyqa, rhoend 1e-9, tolPwrss 1e-12; nAGQ 11 where nodes are.
@pytest.mark.parametrize(
    ("names", "nodes", "est", "se", "sds", "loglik"),
    [
        (
            ["centre"],
            11,
            [-0.163850733, 0.190620763, 0.713022403],
            [0.242286863, 0.133846898, 0.346769778],
            {"centre": 0.376225245},
            -159.766785744,
        ),
        (
            ["centre"],
            1,
            [-0.163729208, 0.190555087, 0.712688379],
            [0.240765556, 0.133823128, 0.344645641],
            {"centre": 0.370477953},
            -159.788665176,
        ),
        (
            ["centre", "mentor"],
            1,
            [-0.165343559, 0.192081456, 0.712196365],
            [0.248455217, 0.134389784, 0.347043160],
            {"centre": 0.375206035, "mentor": 0.126181654},
            -159.772025495,
        ),
        (
            ["centre", "room"],
            1,
            [-0.166673054, 0.205927015, 0.726737672],
            [0.244921241, 0.139860026, 0.351757093],
            {"room": 0.339371551, "centre": 0.340199520},
            -159.658671701,
        ),
    ],
)
def test_binomial_model_equals_glmer(names, nodes, est, se, sds, loglik):
    fit = binomial_mixed(SESSIONS["yes"], COLUMNS, groups(*names), nodes=nodes)

    assert fit.fixed["est"].tolist() == pytest.approx(est, abs=1e-5)
    assert fit.fixed["se"].tolist() == pytest.approx(se, rel=1e-3)
    assert dict(zip(fit.components["group"], fit.components["sd"], strict=True)) == pytest.approx(
        sds, abs=1e-5
    )
    assert fit.loglik == pytest.approx(loglik, abs=1e-6)


# R 4.2.2, ordinal 2022.11-16: clmm, gradTol 1e-8; nAGQ 11 where nodes are.
@pytest.mark.parametrize(
    ("names", "nodes", "est", "cuts", "variances", "loglik"),
    [
        (
            ["centre"],
            1,
            [0.122309675, 0.387236305],
            [-0.835094632, 0.338956686, 1.299409461],
            {"centre": 0.245930052},
            -325.631964637,
        ),
        (
            ["centre"],
            11,
            [0.122242727, 0.387395547],
            [-0.835073021, 0.339042253, 1.299606227],
            {"centre": 0.248368345},
            -325.605444478,
        ),
        (
            ["centre", "room"],
            1,
            [0.134030169, 0.389250824],
            [-0.852160867, 0.345517908, 1.323443370],
            {"room": 0.103917018, "centre": 0.232850672},
            -325.452574801,
        ),
    ],
)
def test_ordinal_model_equals_clmm(names, nodes, est, cuts, variances, loglik):
    fit = ordinal_mixed(SESSIONS["step"], COLUMNS, groups(*names), nodes=nodes)

    assert fit.fixed["est"].tolist() == pytest.approx(est, abs=3e-5)
    assert fit.thresholds.index.tolist() == ["0|1", "1|2", "2|3"]
    assert fit.thresholds["est"].tolist() == pytest.approx(cuts, abs=3e-5)
    found = dict(zip(fit.components["group"], fit.components["variance"], strict=True))
    assert found == pytest.approx(variances, abs=3e-5)
    assert fit.loglik == pytest.approx(loglik, abs=3e-6)


def test_answers_counted_equal_answers_listed():
    told = SESSIONS.assign(dose=np.sign(SESSIONS["dose"]))
    counted = told.groupby(["centre", "dose"])["yes"].agg(["sum", "size"]).reset_index()

    listed = binomial_mixed(told["yes"], told[["dose"]], {"centre": told["centre"]})
    short = binomial_mixed(
        counted["sum"], counted[["dose"]], {"centre": counted["centre"]}, counted["size"]
    )

    assert listed.patterns == short.patterns == len(counted)
    assert short.n == listed.n == 240
    assert short.fixed["est"].tolist() == pytest.approx(listed.fixed["est"].tolist(), abs=1e-6)
    assert short.aic < listed.aic  # its likelihood counts orders that are not told


def test_two_steps_of_a_scale_are_a_binomial_model():
    yes = binomial_mixed(SESSIONS["yes"], COLUMNS, groups("centre"), nodes=7)

    steps = ordinal_mixed(SESSIONS["yes"] * 3 + 1, COLUMNS, groups("centre"), nodes=7)

    assert steps.fixed["est"].tolist() == pytest.approx(yes.fixed["est"].tolist()[1:], abs=1e-5)
    assert steps.thresholds.loc["1|4", "est"] == pytest.approx(
        -yes.fixed.loc["(Intercept)", "est"], abs=1e-5
    )
    assert steps.loglik == pytest.approx(yes.loglik, abs=1e-8)


def test_variance_of_zero_is_said():
    fit = binomial_mixed(np.tile([0, 1, 1, 0], 10), None, {"centre": np.repeat(np.arange(10), 4)})

    assert fit.boundary == ("centre",)
    assert fit.components["sd"].tolist() == [0]
    assert fit.effect("(Intercept)").value == pytest.approx(0, abs=1e-6)


FIVE = np.repeat(np.arange(5), 8)
WAVES = np.tile([0, 1, 1, 0, 1, 0, 0, 1], 5)


@pytest.mark.parametrize(
    ("y", "x", "given", "reason"),
    [
        (WAVES * np.nan, None, {"c": FIVE}, "all_missing"),
        (WAVES[:2], None, {"c": [0, 1]}, "too_few_rows"),
        (WAVES * 0, None, {"c": FIVE}, "zero_variance"),
        (WAVES, {"a": FIVE, "b": -FIVE}, {"c": FIVE}, "not_identified"),
        (WAVES, None, {"c": np.arange(40)}, "not_identified"),
        (WAVES, None, {"c": FIVE * 0}, "too_few_clusters"),
        (WAVES, None, {"c": FIVE, "o": FIVE}, "observers_confounded"),
        (WAVES, {"a": WAVES}, {"c": FIVE}, "perfect_separation"),
        (WAVES, {"a": WAVES * np.arange(40) % 2}, {"c": FIVE}, "perfect_separation"),
        (FIVE % 2, None, {"c": FIVE}, "perfect_separation"),
    ],
)
@pytest.mark.parametrize("model", [binomial_mixed, ordinal_mixed])
def test_model_of_answers_says_why_it_is_insufficient(model, y, x, given, reason):
    fit = model(y, None if x is None else pd.DataFrame(x), given)

    assert fit.reason == reason
    assert fit.effect("a").reason == reason
    assert fit.fixed.empty


def test_column_that_foretells_one_step_only_is_separation():
    steps = np.tile([0, 1, 2, 0, 1, 2, 0, 1], 5)

    fit = ordinal_mixed(steps, pd.DataFrame({"top": (steps == 2) * 1.0}), {"c": FIVE})

    assert fit.reason == "perfect_separation"


def test_observer_who_sees_one_centre_only_is_confounded():
    given = {"centre": FIVE, "observer": FIVE * 2 + np.arange(40) % 2}

    assert binomial_mixed(WAVES, None, given, observers="observer").reason == "observers_confounded"


@pytest.mark.parametrize(
    ("y", "trials", "nodes", "message"),
    [
        (WAVES + 0.5, None, 1, "whole numbers"),
        (WAVES + 1, None, 1, "whole numbers"),
        (WAVES, [1, 1], 1, "one entry"),
        (WAVES, None, 0, "whole number from 1"),
    ],
)
def test_binomial_model_refuses_wrong_input(y, trials, nodes, message):
    with pytest.raises(ValueError, match=message):
        binomial_mixed(y, None, {"c": FIVE}, trials, nodes)


def test_quadrature_over_several_groupings_is_refused():
    with pytest.raises(ValueError, match="one grouping"):
        binomial_mixed(WAVES, None, {"c": FIVE, "o": np.arange(40) % 4}, nodes=5)
