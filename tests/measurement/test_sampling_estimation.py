import numpy as np
import pandas as pd
import pytest

from measurement.estimates import Reason
from measurement.sampling.estimation import (
    SurveyDesign,
    rao_scott,
    survey_difference,
    survey_domain_means,
    survey_mean,
    survey_proportions,
    survey_quantiles,
    survey_ratio,
    survey_regression,
    survey_total,
)

TERMS = ["ell", "meals", "mobility"]


def made() -> pd.DataFrame:
    """Sixty rows in 12 clusters in 3 strata, by rule: R was given the same."""
    i = np.arange(60)
    c = i // 5
    return pd.DataFrame(
        {
            "stratum": i // 20,
            "cluster": c % 4,
            "unit": i % 5,
            "y": (7 * i * i + 3 * i) % 23 + 2.5 * c,
            "x": (5 * i) % 11,
            "z": ((i * i + c) % 3 == 0).astype(int),
            "g": np.where((i * 7) % 5 < 2, "a", "b"),
            "h": np.where((i * i) % 4 == 0, "p", np.where(i % 3 == 0, "q", "r")),
            "w": 1 + i % 4 + c % 3,
            "fpc1": np.array([10, 8, 12])[i // 20],
            "fpc2": 7 + c % 3,
        }
    )


def designs() -> dict[str, SurveyDesign]:
    d = made()
    return {
        "two": SurveyDesign(d.w, d.stratum, [d.cluster, d.unit], [d.fpc1, d.fpc2]),
        "one": SurveyDesign(d.w, d.stratum, d.cluster),
        "unit": SurveyDesign(d.w),
    }


# R 4.2.2, survey 4.1-1, nest=TRUE; "two" has two stages, each with its finite population.
FROM_R = {
    "two": {
        "mean": [24.35714285714, 1.205941940587, 1.085175309952, 0.775125221394, 9],
        "total": [5115, 456.5525573151, 3.526875062096],
        "ratio": [4.899425287356, 0.3988444108591],
        "shares": [
            0.4285714285714,
            0.1809523809524,
            0.3904761904762,
            0.04029004226384,
            0.03679924044601,
            0.04071106305139,
        ],
        "domains": [24.60714285714, 24.19047619048, 2.232587854726, 1.060281343615],
        "quantiles": [16, 23.5, 31, 2.099765691843, 1.547195772937, 1.87873772428],
        "difference": [-0.4166666666667, -0.1846234403353, 8, 0.8581187864726],
        "linear": [
            26.71555663941,
            -0.424716445349,
            -0.4116105185077,
            3.056882962294,
            0.2898573975268,
            2.156079046867,
            7,
        ],
        "logistic": [
            -0.6582442975842,
            -0.02359454725213,
            0.02148209334198,
            1.061744574931,
            0.06500935713622,
            0.03687945531259,
        ],
        "table": [0.3493521962004, 1.702902618284, 15.32612356456, 0.6771583896059],
    },
    "one": {
        "mean": [24.35714285714, 1.463425245136, 1.598042004352, 1.141458574537, 9],
        "total": [5115, 556.8379477011, 5.246457559398],
        "ratio": [4.899425287356, 0.4377730349951],
        "shares": [
            0.4285714285714,
            0.1809523809524,
            0.3904761904762,
            0.03516859867894,
            0.03614714470694,
            0.03378882643465,
        ],
        "domains": [24.60714285714, 24.19047619048, 2.590164063942, 1.157893291197],
        "quantiles": [16, 23.5, 31, 2.320793659405, 1.989251708062, 1.989251708062],
        "difference": [-0.4166666666667, -0.1751683734725, 8, 0.8652996392526],
        "linear": [
            26.71555663941,
            -0.424716445349,
            -0.4116105185077,
            3.442892039629,
            0.2698636531798,
            2.268385025434,
            7,
        ],
        "logistic": [
            -0.6582442975842,
            -0.02359454725213,
            0.02148209334198,
            1.298193759158,
            0.07015430295518,
            0.04486976257863,
        ],
        "table": [0.2841992377174, 1.430331422491, 12.87298280242, 0.6845030798194],
    },
    "unit": {
        "mean": [24.35714285714, 1.453552398728, 1.576552688632, 1.126109063308, 59],
        "total": [5115, 415.7921783695, 2.925237596291],
        "ratio": [4.899425287356, 0.5669429071533],
        "shares": [
            0.4285714285714,
            0.1809523809524,
            0.3904761904762,
            0.06822293991457,
            0.05473697105284,
            0.06969627012836,
        ],
        "domains": [24.60714285714, 24.19047619048, 2.674331058556, 1.635474814283],
        "quantiles": [16, 23.5, 31, 2.623694216133, 1.874067297238, 2.12394293687],
        "difference": [-0.4166666666667, -0.1329174983474, 58, 0.8947187100262],
        "linear": [
            26.71555663941,
            -0.424716445349,
            -0.4116105185077,
            4.050573034969,
            0.4883804422697,
            3.063731747021,
            57,
        ],
        "logistic": [
            -0.6582442975842,
            -0.02359454725213,
            0.02148209334198,
            0.9433215890276,
            0.09188899984909,
            0.02797536389156,
        ],
        "table": [0.2053443895738, 1.991844443079, 117.5188221416, 0.8137849407054],
    },
}


def values_and_errors(found: dict) -> list[float]:
    return [one.estimate.value for one in found.values()] + [one.se for one in found.values()]


@pytest.mark.parametrize("name", FROM_R)
def test_estimates_equal_those_of_r(name):
    d, design, expected = made(), designs()[name], FROM_R[name]

    mean, total = survey_mean(d.y, design), survey_total(d.y, design)
    ratio, difference = survey_ratio(d.y, d.x, design), survey_difference(d.y, d.g, design)
    linear = survey_regression(d.y, d[["x", "g"]], design)
    logistic = survey_regression(d.z, d[["x", "y"]], design, "logistic")
    table = rao_scott(d.g, d.h, design)

    found = {
        "mean": [mean.estimate.value, mean.se, mean.deff, mean.deff_replace, mean.df],
        "total": [total.estimate.value, total.se, total.deff],
        "ratio": [ratio.estimate.value, ratio.se],
        "shares": values_and_errors(survey_proportions(d.h, design)),
        "domains": values_and_errors(survey_domain_means(d.y, d.g, design)),
        "quantiles": values_and_errors(survey_quantiles(d.y, design)),
        "difference": [difference.estimate.value, difference.t, difference.df, difference.p],
        "linear": [*linear.terms["estimate"], *linear.terms["se"], linear.df],
        "logistic": [*logistic.terms["estimate"], *logistic.terms["se"]],
        "table": [table.f, table.ndf, table.ddf, table.p],
    }
    assert found == {key: pytest.approx(value, rel=1e-9) for key, value in expected.items()}


def test_missing_values_are_a_domain():
    # R 4.2.2, survey 4.1-1: svymean(na.rm = TRUE, deff = TRUE)
    d = made()
    d.loc[[2, 16, 43], "y"] = np.nan

    found = survey_mean(d.y, designs()["one"])

    assert [found.estimate.value, found.se, found.deff] == pytest.approx(
        [24.5325, 1.552100345802, 1.689072185739], rel=1e-9
    )
    assert (found.estimate.n, found.estimate.clusters) == (57, 12)


@pytest.mark.parametrize(
    ("lonely", "se"), [("certainty", 1.1633476521), ("adjust", 1.936372448378)]
)
def test_lonely_cluster_treated_as_asked(lonely, se):
    d = made()
    d = d[(d.stratum != 2) | (d.cluster == 0)]

    found = survey_mean(d.y, SurveyDesign(d.w, d.stratum, d.cluster, lonely=lonely))

    assert [found.estimate.value, found.se] == pytest.approx([20.59615384615, se], rel=1e-9)


def test_lonely_cluster_is_a_reason():
    d = made()
    d = d[(d.stratum != 2) | (d.cluster == 0)]
    design = SurveyDesign(d.w, d.stratum, d.cluster)

    assert survey_mean(d.y, design).estimate.reason == Reason.LONELY_CLUSTER
    assert survey_regression(d.y, d[["x"]], design).reason == Reason.LONELY_CLUSTER
    assert rao_scott(d.g, d.h, design).reason == Reason.LONELY_CLUSTER


def test_a_cluster_taken_with_certainty_is_not_lonely():
    d = made()
    d = d[(d.stratum != 2) | (d.cluster == 0)]
    fpc = np.where(d.stratum == 2, 1, 10)

    found = survey_mean(d.y, SurveyDesign(d.w, d.stratum, d.cluster, fpc))

    assert found.estimate.reason == ""
    assert found.se > 0


def test_stratified_reference_case(reference):
    d, expected = reference("survey_api_stratified")
    design = SurveyDesign(d["pw"], d["stype"], fpc=d["fpc"])
    mean, total = survey_mean(d["api00"], design), survey_total(d["enroll"], design)
    strata, awards = (survey_proportions(d[name], design) for name in ("stype", "awards"))
    domains = survey_domain_means(d["api00"], d["stype"], design)

    assert [mean.estimate.value, mean.se, mean.deff, mean.deff_replace, mean.df] == pytest.approx(
        [expected[key] for key in ("mean_api00", "se", "deff", "deff_replace", "degf")], rel=1e-11
    )
    assert [mean.estimate.low, mean.estimate.high] == pytest.approx(expected["ci95_t"], rel=1e-11)
    assert [total.estimate.value, total.se] == pytest.approx(
        [expected["total_enroll"], expected["total_se"]], rel=1e-11
    )
    assert values_and_errors(awards) == pytest.approx(
        [*expected["prop_awards"].values(), *expected["prop_awards_se"].values()], abs=1e-12
    )
    assert values_and_errors(strata) == pytest.approx(
        [*expected["prop_stype"].values(), *expected["prop_stype_se"].values()], abs=1e-12
    )
    assert values_and_errors(domains) == pytest.approx(
        [*expected["domain"]["mean"], *expected["domain"]["se"]], rel=1e-11
    )
    no_fpc = survey_mean(d["api00"], SurveyDesign(d["pw"], d["stype"]))
    assert no_fpc.se == pytest.approx(expected["no_fpc_se"], rel=1e-11)


def test_models_and_tests_of_the_stratified_reference_case(reference):
    d, expected = reference("survey_api_stratified")
    design = SurveyDesign(d["pw"], d["stype"], fpc=d["fpc"])
    ratio = survey_ratio(d["api.stu"], d["enroll"], design)
    model = survey_regression(d["api00"], d[TERMS], design)
    difference = survey_difference(d["api00"], d["comp.imp"], design)
    table, test = rao_scott(d["sch.wide"], d["stype"], design), expected["svyttest_compimp"]

    assert [ratio.estimate.value, ratio.se] == pytest.approx(
        [expected["ratio"], expected["ratio_se"]], rel=1e-11
    )
    names = ["(Intercept)", *TERMS]
    for column, key in (("estimate", "coef"), ("se", "se")):
        wanted = [expected["glm"][key][name] for name in names]
        assert list(model.terms[column]) == pytest.approx(wanted, rel=1e-9)
    quantiles = survey_quantiles(d["api00"], design)
    assert [one.estimate.value for one in quantiles.values()] == expected["quantiles"]
    assert [difference.estimate.value, difference.t, difference.df, difference.p] == pytest.approx(
        [test["diff"], test["t"], test["df"], test["p"]], rel=1e-10
    )
    assert [table.f, table.ndf, table.ddf, table.p] == pytest.approx(
        [expected["rao_scott_F"][key] for key in ("F", "ndf", "ddf", "p")], rel=1e-9
    )
