import numpy as np
import pandas as pd
import pytest

from measurement.agreement import icc
from measurement.generalizability import (
    d_study,
    fewest,
    generalizability,
    parse_design,
    phi_lambda,
)
from tests.measurement.invented import scores

SCORES = scores()
HOLED = SCORES[SCORES.index % 7 != 3]
# Shrout & Fleiss (1979), Psychol. Bull. 86, 420–428, table 2: six targets, four judges.
JUDGES = pd.DataFrame(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
)


def long(table):
    return table.rename_axis("p").reset_index().melt("p", var_name="o", value_name="score")


def variances(study):
    return dict(zip(study.components["effect"], study.components["variance"], strict=True))


@pytest.mark.parametrize(
    ("text", "effects"),
    [
        ("p x i", ["p", "i", "pi"]),
        ("p × (r:o)", ["p", "o", "po", "r:o", "pr:o"]),
        ("p x r:o", ["p", "o", "po", "r:o", "pr:o"]),
        ("(r:p) x i", ["p", "i", "r:p", "pi", "ri:p"]),
        ("i:(p x o)", ["p", "o", "po", "i:po"]),
        ("p x (r:(o:c))", ["p", "c", "pc", "o:c", "po:c", "r:oc", "pr:oc"]),
        ("i:p", ["p", "i:p"]),
        ("room x item", ["room", "item", "room x item"]),
    ],
)
def test_design_has_the_effects_of_its_notation(text, effects):
    design = parse_design(text)

    assert sorted(map(design.name, design.effects)) == sorted(effects)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("p", "an object and at least one facet"),
        ("p x", "needs a facet"),
        ("p x (i", "not closed"),
        ("p i", "cannot be read from 'i'"),
        ("p x p", "twice"),
        ("p + i", "cannot be read"),
        ("", "needs a facet"),
    ],
)
def test_design_that_cannot_be_read_says_where(text, message):
    with pytest.raises(ValueError, match=message):
        parse_design(text)


@pytest.mark.parametrize("estimator", ["anova", "henderson1", "reml"])
def test_one_facet_equals_reference(reference, estimator):
    data, expected = reference("gstudy_pxi_brennan1")

    study = generalizability(data, "person x item", object="person", estimator=estimator)

    assert study.components["ms"].tolist() == pytest.approx(list(expected["ms"].values()))
    assert study.components["variance"].tolist() == pytest.approx(
        list(expected["vc"].values()), abs=1e-8
    )
    assert study.g.value == pytest.approx(expected["Erho2"], abs=1e-8)
    assert study.phi.value == pytest.approx(expected["Phi"], abs=1e-8)
    table = d_study(study, {"item": [row["n_item"] for row in expected["dstudy"]]})
    assert table["g"].tolist() == pytest.approx([r["Erho2"] for r in expected["dstudy"]], abs=1e-8)
    assert table["phi"].tolist() == pytest.approx([r["Phi"] for r in expected["dstudy"]], abs=1e-8)


@pytest.mark.parametrize("estimator", ["anova", "henderson1"])
def test_crossed_design_equals_aov(estimator):
    # R 4.2.2: aov(score ~ p*o*i) and its expected mean squares.
    study = generalizability(SCORES, "p x o x i", estimator=estimator)

    assert study.components["effect"].tolist() == ["p", "o", "i", "po", "pi", "oi", "poi"]
    assert study.components["df"].tolist() == [11, 2, 3, 22, 33, 6, 66]
    mean_squares = [
        7.7958648990, 5.6289590278, 15.9835083333, 1.9379537247, 0.8348775253, 0.9040451389,
        0.3955226641,
    ]  # fmt: skip
    assert study.components["ms"].tolist() == pytest.approx(mean_squares, abs=1e-9)
    p, o, i, po, pi, oi, poi = mean_squares
    assert variances(study) == pytest.approx(
        {
            "p": (p - po - pi + poi) / 12, "o": (o - po - oi + poi) / 48,
            "i": (i - pi - oi + poi) / 36, "po": (po - poi) / 4, "pi": (pi - poi) / 3,
            "oi": (oi - poi) / 12, "poi": poi,
        }, abs=1e-9,
    )  # fmt: skip


def test_nested_design_equals_aov_and_keeps_a_negative_variance():
    study = generalizability(SCORES, "p x (i:o)")

    found = variances(study)
    p, o, po, io, rest = 7.7958648990, 5.6289590278, 1.9379537247, 5.9305328704, 0.5419742845
    assert found["o"] == pytest.approx((o - po - io + rest) / 48, abs=1e-9)
    assert found["o"] < 0
    assert study.components.set_index("effect").loc["o", "variance_zero"] == 0
    assert found["p"] == pytest.approx((p - po) / 12, abs=1e-9)


@pytest.mark.parametrize(
    ("frame", "expected"),
    [  # R lme4 1.1-31, lmer with bobyqa, rhoend 1e-12
        (SCORES, [0.4515464541, 0.0663017531, 0.4066695256, 0.3856077497, 0.1464516166,
                  0.0423768718, 0.3955226655]),
        (HOLED, [0.4858202568, 0.0493810492, 0.4284848420, 0.3746301913, 0.1106209595,
                 0.0576507088, 0.3852400385]),
    ],
)  # fmt: skip
def test_restricted_likelihood_equals_lme4(frame, expected):
    study = generalizability(frame, "p x o x i", estimator="reml")

    assert study.components["variance"].tolist() == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("design", ["p x o x i", "p x (i:o)", "(i:p) x o"])
def test_henderson_equals_its_matrices(design):
    plan = parse_design(design)
    study = generalizability(HOLED, design, estimator="henderson1")

    indicators = [
        pd.get_dummies(HOLED.groupby(sorted(effect)).ngroup()).to_numpy(float)
        for effect in plan.effects
    ]
    y = HOLED["score"].to_numpy()
    one = np.full((len(y), len(y)), 1 / len(y))
    forms = [z @ np.diag(1 / z.sum(axis=0)) @ z.T - one for z in indicators]
    expected = [[np.trace(form @ z @ z.T) for z in indicators] for form in forms]
    solved = np.linalg.solve(expected, [y @ form @ y for form in forms])
    assert study.components["variance"].tolist() == pytest.approx(solved.tolist(), abs=1e-9)


def test_coefficients_of_observers_are_intraclass_correlations():
    study = generalizability(long(JUDGES), "p x o")

    forms = icc(JUDGES)
    assert study.g.value == pytest.approx(forms["ICC(3,k)"].value, abs=1e-12)
    assert study.phi.value == pytest.approx(forms["ICC(2,k)"].value, abs=1e-12)
    # The generalized interval of G is Feldt's exact one, to the fineness of its 4096 points.
    assert study.g.low == pytest.approx(forms["ICC(3,k)"].low, abs=0.02)
    assert study.g.high == pytest.approx(forms["ICC(3,k)"].high, abs=0.002)
    one = d_study(study, {"o": [1]})
    assert one["phi"][0] == pytest.approx(forms["ICC(2,1)"].value, abs=1e-12)


def test_fixed_items_belong_to_what_is_meant():
    v = variances(generalizability(SCORES, "p x o x i"))

    study = generalizability(SCORES, "p x o x i", fixed=("i",))

    universe = v["p"] + v["pi"] / 4
    relative = v["po"] / 3 + v["poi"] / 12
    absolute = relative + v["o"] / 3 + v["oi"] / 12
    assert study.g.value == pytest.approx(universe / (universe + relative))
    assert study.phi.value == pytest.approx(universe / (universe + absolute))


def test_objects_within_centres_are_compared_over_all_centres():
    frame = SCORES.assign(c=SCORES["p"] // 3, p=SCORES["p"] % 3)[SCORES["i"] == 0]

    study = generalizability(frame, "(p:c) x o")

    v = variances(study)
    universe, relative = v["c"] + v["p:c"], (v["co"] + v["po:c"]) / 3
    assert study.levels == {"o": 3}
    assert study.objects == 12
    assert study.g.value == pytest.approx(universe / (universe + relative))


@pytest.mark.parametrize(
    ("frame", "design", "reason"),
    [
        (SCORES.assign(score=np.nan), "p x o x i", "all_missing"),
        (SCORES[:0], "p x o x i", "too_few_rows"),
        (SCORES[SCORES["p"] == 0], "p x o x i", "too_few_rows"),
        (SCORES[SCORES["o"] == 1], "p x o x i", "one_rater"),
        (SCORES.assign(score=2), "p x o x i", "zero_variance"),
        (SCORES.assign(i=SCORES["o"])[::4], "p x o x i", "observers_confounded"),
        (SCORES[(SCORES["o"] == SCORES["p"] % 3) & (SCORES["i"] == 0)], "p x o",
         "observers_confounded"),
        (SCORES[SCORES["i"] == 0].assign(i=SCORES["o"]), "p x (i:o)", "observers_confounded"),
        (SCORES[(SCORES["i"] == 0) & ((SCORES["p"] + SCORES["o"]) % 12 < 1)], "p x o",
         "observers_confounded"),
    ],
)  # fmt: skip
def test_study_says_why_it_is_insufficient(frame, design, reason):
    study = generalizability(frame, design, estimator="henderson1")

    assert study.reason == study.g.reason == study.phi.reason == reason
    assert study.components.empty
    assert fewest(study, {"o": 3}).reason == reason
    assert d_study(study, {"o": [1, 2]}).empty
    assert phi_lambda(study, 1.0).reason == reason


def test_study_with_few_shared_cells_is_insufficient():
    # Four rooms in a row of observers: four cells more than rooms and observers leave no residual.
    pairs = pd.DataFrame({"p": [0, 0, 1, 1, 2, 2, 3], "o": [0, 1, 1, 2, 2, 3, 3]})

    study = generalizability(pairs.assign(score=[1.0, 3, 2, 5, 4, 1, 2]), "p x o", estimator="reml")

    assert study.reason == "small_cells"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"design": "p x z"}, "does not have"),
        ({"object": "z"}, "must be facets of the design"),
        ({"fixed": ("p",)}, "must be facets of the design"),
        ({"estimator": "uml"}, "must be one of"),
        ({"design": "p x o"}, "share one cell"),
        ({"frame": HOLED}, "not balanced"),
        ({"frame": SCORES.assign(score="a")}, "must be numbers"),
        ({"frame": SCORES.assign(o=None)}, "Every score needs its level"),
    ],
)
def test_study_refuses_wrong_input(change, message):
    with pytest.raises(ValueError, match=message):
        generalizability(**{"frame": SCORES, "design": "p x o x i"} | change)
