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

ONES = np.ones(12)
Y = np.arange(12.0)
CENTRES = np.repeat(["a", "b", "c", "d"], 3)


def test_weights_of_zero_are_a_reason():
    design = SurveyDesign(np.zeros(12), clusters=CENTRES)

    assert survey_mean(Y, design).estimate.reason == Reason.ZERO_WEIGHTS
    assert survey_total(Y, design).estimate.reason == Reason.ZERO_WEIGHTS
    assert survey_ratio(Y, Y + 1, design).estimate.reason == Reason.ZERO_WEIGHTS
    assert survey_quantiles(Y, design)[0.5].estimate.reason == Reason.ZERO_WEIGHTS
    assert survey_difference(Y, Y > 5, design).estimate.reason == Reason.ZERO_WEIGHTS
    assert survey_regression(Y, pd.DataFrame({"x": Y}), design).reason == Reason.ZERO_WEIGHTS
    assert rao_scott(Y > 5, Y > 3, design).reason == Reason.ZERO_WEIGHTS


def test_all_missing_and_single_rows_are_reasons():
    assert survey_mean(ONES * np.nan, SurveyDesign(ONES)).estimate.reason == Reason.ALL_MISSING
    assert survey_mean([], SurveyDesign([])).estimate.reason == Reason.TOO_FEW_ROWS
    found = survey_domain_means(Y, ["one", *["rest"] * 11], SurveyDesign(ONES))
    assert found["one"].estimate.reason == Reason.TOO_FEW_ROWS
    assert found["rest"].estimate.value == 6


def test_one_cluster_gives_a_mean_without_interval():
    design = SurveyDesign(ONES, clusters=["a"] * 12, fpc=[1] * 12)

    found = survey_mean(Y, design).estimate

    assert (found.value, found.low, found.reason) == (5.5, None, Reason.FEW_CLUSTERS)


def test_constant_values_have_no_interval_and_no_design_effect():
    found = survey_mean(ONES * 0.1, SurveyDesign(ONES * 3, clusters=CENTRES))

    assert (found.estimate.value, found.estimate.reason) == (
        pytest.approx(0.1),
        Reason.CLUSTERS_ALIKE,
    )
    assert (found.se, found.deff, found.deff_replace) == (0, None, None)


def test_a_census_has_no_sampling_error():
    found = survey_mean(Y, SurveyDesign(ONES, clusters=CENTRES, fpc=[4] * 12))

    assert (found.estimate.value, found.se) == (5.5, 0)
    assert (found.estimate.low, found.estimate.reason) == (None, Reason.CLUSTERS_ALIKE)


def test_a_rate_and_a_population_are_the_same_fpc():
    counted = survey_mean(Y, SurveyDesign(ONES, clusters=CENTRES, fpc=[10] * 12))
    rated = survey_mean(Y, SurveyDesign(ONES, clusters=CENTRES, fpc=[0.4] * 12))

    assert counted.se == pytest.approx(rated.se, rel=1e-12)


def test_a_cluster_name_in_two_strata_is_two_clusters():
    strata = ["n"] * 6 + ["s"] * 6

    found = survey_mean(Y, SurveyDesign(ONES, strata, [1, 1, 1, 2, 2, 2] * 2))

    assert (found.estimate.clusters, found.df) == (4, 2)


def test_ratio_to_nothing_is_a_reason():
    found = survey_ratio(Y, ONES * 0, SurveyDesign(ONES)).estimate

    assert found.reason == Reason.ZERO_VARIANCE


def test_difference_needs_two_groups():
    design = SurveyDesign(ONES)

    assert survey_difference(Y, ["a"] * 12, design).estimate.reason == Reason.ONE_GROUP
    with pytest.raises(ValueError, match="between two groups"):
        survey_difference(Y, CENTRES, design)


def test_difference_is_second_minus_first():
    found = survey_difference(Y, ["b"] * 6 + ["a"] * 6, SurveyDesign(ONES))

    assert (found.groups, found.estimate.value) == (("a", "b"), -6)


def test_quantile_whose_interval_leaves_the_data_has_none():
    found = survey_quantiles(Y, SurveyDesign(ONES), at=[0.01])[0.01].estimate

    assert (found.value, found.low, found.reason) == (0, None, Reason.AT_BOUNDARY)


def test_quantile_of_ties_is_the_lowest_value_that_reaches_the_share():
    y, weights = [1, 1, 2, 2, 3, 3], [1, 1, 1, 1, 1, 3]

    found = survey_quantiles(y, SurveyDesign(weights), at=[0.25, 0.5, 0.51])

    assert [one.estimate.value for one in found.values()] == [1, 2, 3]


def test_separation_is_a_reason():
    x = pd.DataFrame({"x": Y})

    assert survey_regression(Y > 5, x, SurveyDesign(ONES), "logistic").reason == (
        Reason.PERFECT_SEPARATION
    )


def test_quasi_separation_is_a_reason():
    # One category answers yes always; the others vary.
    x = pd.DataFrame({"x": ["a", "a", "a", *"bbbbb", *"cccc"]})
    y = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0]

    assert survey_regression(y, x, SurveyDesign(ONES), "logistic").reason == (
        Reason.PERFECT_SEPARATION
    )


def test_logistic_regression_needs_both_answers():
    x, design = pd.DataFrame({"x": Y}), SurveyDesign(ONES)

    assert survey_regression(ONES * 0, x, design, "logistic").reason == Reason.NO_EVENTS
    assert survey_regression(ONES, x, design, "logistic").reason == Reason.ONE_GROUP
    with pytest.raises(ValueError, match="must be 0 or 1"):
        survey_regression(Y, x, design, "logistic")


@pytest.mark.parametrize("family", ["linear", "logistic"])
def test_terms_that_determine_each_other_are_a_reason(family):
    x = pd.DataFrame({"a": Y, "b": 2 * Y + 1})

    found = survey_regression(Y % 2, x, SurveyDesign(ONES), family)

    assert (found.reason, len(found.terms)) == (Reason.NOT_IDENTIFIED, 0)


def test_regression_with_more_terms_than_clusters_has_no_interval():
    x = pd.DataFrame({"a": Y, "b": Y**2, "c": Y % 3, "d": Y % 2})

    found = survey_regression(Y % 5, x, SurveyDesign(ONES, clusters=CENTRES))

    assert (found.reason, found.df) == (Reason.FEW_CLUSTERS, -1)
    assert found.terms["se"].notna().all()
    assert found.terms[["t", "p", "low", "high"]].isna().all(axis=None)


def test_regression_leaves_out_rows_with_a_gap():
    x = pd.DataFrame({"x": Y % 5, "g": ["u", "v", None, *"uvuvuvuvu"]})

    assert survey_regression(Y, x, SurveyDesign(ONES)).n == 11


def test_tables_with_tiny_cells_or_one_category_are_reasons():
    design = SurveyDesign(ONES)

    assert rao_scott(["a"] * 12, CENTRES, design).reason == Reason.ONE_GROUP
    rare = ["x", *["y"] * 11]
    assert rao_scott(rare, CENTRES, design).reason == Reason.SMALL_CELLS
    one = SurveyDesign(ONES, clusters=["a"] * 12, fpc=[1] * 12)
    assert rao_scott(Y > 5, Y % 2, one).reason == Reason.TOO_FEW_CLUSTERS


def test_shares_add_to_one_and_stay_in_order():
    found = survey_proportions(CENTRES, SurveyDesign(Y + 1))

    assert list(found) == ["a", "b", "c", "d"]
    assert sum(one.estimate.value for one in found.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"weights": [1, -1]}, "not negative"),
        ({"weights": [1, np.nan]}, "not negative"),
        ({"weights": [1, 1], "strata": ["a"]}, "one entry"),
        ({"weights": [1, 1], "clusters": ["a", None]}, "needs its stratum"),
        ({"weights": [1, 1], "lonely": "drop"}, "refuse, certainty, adjust"),
        ({"weights": [1, 1], "fpc": [1.5, 3]}, "same finite population"),
        ({"weights": [1, 1, 1], "fpc": [2, 2, 2]}, "fewer units in the frame"),
        ({"weights": [1, 1], "fpc": [0, 0]}, "positive"),
        ({"weights": [1, 1], "fpc": [[9, 9], [9, 9]]}, "more finite populations"),
    ],
)
def test_a_design_that_cannot_be_is_refused(given, message):
    with pytest.raises(ValueError, match=message):
        SurveyDesign(**given)


def test_values_of_the_wrong_length_or_kind_are_refused():
    design = SurveyDesign(ONES)

    for values in ([1, 2], ["a"] * 12, [np.inf] * 12):
        with pytest.raises(ValueError, match="Values must"):
            survey_mean(values, design)
