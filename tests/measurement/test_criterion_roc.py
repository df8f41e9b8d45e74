import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score, roc_curve

from measurement.criterion import auc_difference, roc
from measurement.estimates import Reason

# Ovarian cancer data of DeLong, DeLong & Clarke-Pearson (1988), the 43 complete rows as the SAS
# documentation of PROC LOGISTIC keeps them: albumin, total protein, K-G score, outcome.
OVARIAN = np.fromstring(
    """
    3.0 5.8 10 0 3.2 6.3 5 1 3.9 6.8 3 1 2.8 4.8 6 0 3.2 5.8 3 1 0.9 4.0 5 0 2.5 5.7 8 0
    1.6 5.6 5 1 3.8 5.7 5 1 3.7 6.7 6 1 3.2 5.4 4 1 3.8 6.6 6 1 4.1 6.6 5 1 3.6 5.7 5 1
    4.3 7.0 4 1 3.6 6.7 4 0 2.3 4.4 6 1 4.2 7.6 4 0 4.0 6.6 6 0 3.5 5.8 6 1 3.8 6.8 7 1
    3.0 4.7 8 0 4.5 7.4 5 1 3.7 7.4 5 1 3.1 6.6 6 1 4.1 8.2 6 1 4.3 7.0 5 1 4.3 6.5 4 1
    3.2 5.1 5 1 2.6 4.7 6 1 3.3 6.8 6 0 1.7 4.0 7 0 3.7 6.1 5 1 3.3 6.3 7 1 4.2 7.7 6 1
    3.5 6.2 5 1 2.9 5.7 9 0 2.1 4.8 7 1 2.8 6.2 8 0 4.0 7.0 7 1 3.3 5.7 6 1 3.7 6.9 5 1
    3.6 6.6 5 1
    """,
    sep=" ",
).reshape(-1, 4)
ALBUMIN, PROTEIN, OUTCOME = OVARIAN[:, 0], OVARIAN[:, 1], OVARIAN[:, 3]
KG = 10 - OVARIAN[:, 2]


def components(score, outcome):
    """Placements by the double sum of DeLong et al. (1988), equations 2 and 3, written out."""
    events, others = score[outcome == 1], score[outcome == 0]
    wins = (events[:, None] > others) + 0.5 * (events[:, None] == others)
    return wins.mean(axis=1), wins.mean(axis=0)


@pytest.mark.parametrize("score", [ALBUMIN, PROTEIN, KG])
def test_area_and_interval_are_delongs(score):
    found = roc(score, OUTCOME).auc

    v10, v01 = components(score, OUTCOME)
    se = np.sqrt(np.var(v10, ddof=1) / len(v10) + np.var(v01, ddof=1) / len(v01))
    u = stats.mannwhitneyu(score[OUTCOME == 1], score[OUTCOME == 0]).statistic
    assert found.value == pytest.approx(roc_auc_score(OUTCOME, score), rel=1e-12)
    assert found.value == pytest.approx(u / (31 * 12), rel=1e-12)
    assert found.high - found.value == pytest.approx(stats.norm.isf(0.025) * se, rel=1e-12)


def test_difference_of_two_areas_is_delongs():
    found = auc_difference(KG, ALBUMIN, OUTCOME)

    (a10, a01), (k10, k01) = components(ALBUMIN, OUTCOME), components(KG, OUTCOME)
    s10, s01 = np.cov(a10, k10), np.cov(a01, k01)
    variance = np.array([1, -1]) @ (s10 / 31 + s01 / 12) @ np.array([1, -1])
    assert found.value == pytest.approx(a10.mean() - k10.mean(), rel=1e-12)
    half = stats.norm.isf(0.025) * np.sqrt(variance)
    assert found.high - found.value == pytest.approx(half, rel=1e-12)


def test_curve_equals_scikit_learn():
    points = roc(ALBUMIN, OUTCOME).points

    false, true, thresholds = roc_curve(OUTCOME, ALBUMIN, drop_intermediate=False)
    assert list(points["sensitivity"]) == pytest.approx(list(true))
    assert list(1 - points["specificity"]) == pytest.approx(list(false))
    assert list(points["threshold"]) == list(thresholds)


def test_area_does_not_ask_for_the_scale_of_the_score():
    assert roc(np.exp(ALBUMIN), OUTCOME).auc == roc(ALBUMIN, OUTCOME).auc


def test_an_area_below_one_half_stays_there():
    assert roc(-ALBUMIN, OUTCOME).auc.value == pytest.approx(1 - roc(ALBUMIN, OUTCOME).auc.value)


def test_ties_count_one_half_and_are_told():
    found = roc([1, 2, 2, 3], [0, 0, 1, 1])

    assert (found.auc.value, found.tied_pairs) == (0.875, 0.25)


def test_youden_point_by_hand():
    # Cut at 2: 4 of 4 and 3 of 5, J .6; at 3: 3 of 4 and 4 of 5, J .55
    found = roc([0, 1, 1, 2, 3, 2, 3, 4, 5], [0, 0, 0, 0, 0, 1, 1, 1, 1]).youden

    assert (found.threshold, found.n, found.tied) == (2, 9, 1)
    assert found.index == pytest.approx(0.6)
    assert (found.sensitivity.value, found.sensitivity.n) == (1, 4)
    assert (found.specificity.value, found.specificity.n) == (0.6, 5)


def test_of_equal_youden_points_the_balanced_one_is_given():
    # Cuts at 4, 3 and 1 reach J = .5 alike; at 3 both shares are .75.
    found = roc([4, 4, 3, 1, 3, 2, 1, 0], [1, 1, 1, 1, 0, 0, 0, 0])
    youden = found.youden

    best = found.points.query("sensitivity + specificity == 1.5")
    assert (youden.index, youden.tied) == (0.5, len(best))
    assert (youden.threshold, youden.sensitivity.value, youden.specificity.value) == (3, 0.75, 0.75)


def test_clusters_of_one_row_are_nearly_independent_rows():
    alone, clustered = roc(ALBUMIN, OUTCOME), roc(ALBUMIN, OUTCOME, np.arange(43))

    ratio = (clustered.auc.high - clustered.auc.value) / (alone.auc.high - alone.auc.value)
    assert clustered.auc.method == "AUC, Obuchowski, t(G-1)"
    assert ratio == pytest.approx(1, abs=0.05)


def test_repeated_rows_in_clusters_know_no_more_than_one_each():
    once = roc(ALBUMIN, OUTCOME, np.arange(43)).auc
    again = roc(np.tile(ALBUMIN, 4), np.tile(OUTCOME, 4), np.tile(np.arange(43), 4)).auc

    assert (again.low, again.high) == pytest.approx((once.low, once.high))
    assert (again.n, again.clusters) == (172, 43)


def test_bootstrap_of_clusters_agrees_with_obuchowski():
    rng = np.random.default_rng(8)
    clusters = np.repeat(np.arange(60), 8)
    shared = rng.normal(size=60)[clusters]
    outcome = (shared + rng.normal(size=480) > 0.5).astype(int)
    score = np.round(shared + rng.normal(size=480), 1)

    formula = roc(score, outcome, clusters).auc
    drawn = roc(score, outcome, clusters, rng).auc

    assert drawn.value == formula.value
    assert drawn.high - drawn.low == pytest.approx(formula.high - formula.low, rel=0.1)
    assert roc(score, outcome).auc.high < formula.high


def test_bootstrap_is_repeatable():
    clusters = np.arange(43) // 2

    found = [
        roc(ALBUMIN, OUTCOME, clusters, np.random.default_rng(1), resamples=50).auc
        for _ in range(2)
    ]

    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("score", "outcome", "reason"),
    [
        ([1, 2, 3, 4], [0, 0, 0, 0], Reason.NO_EVENTS),
        ([1, 2, 3, 4], [1, 1, 1, 1], Reason.ONE_GROUP),
        ([1, 2, 3, 4], [0, 0, 0, 1], Reason.SMALL_CELLS),
        ([2, 2, 2, 2], [0, 0, 1, 1], Reason.ZERO_VARIANCE),
        ([np.nan] * 4, [0, 0, 1, 1], Reason.TOO_FEW_ROWS),
    ],
)
def test_areas_that_cannot_be_are_reasons(score, outcome, reason):
    found = roc(score, outcome)

    assert (found.auc.reason, found.youden, len(found.points)) == (reason, None, 0)
    assert auc_difference(score, score, outcome).reason == reason


def test_few_clusters_are_a_reason():
    assert roc(ALBUMIN, OUTCOME, OUTCOME).auc.reason == Reason.TOO_FEW_CLUSTERS


@pytest.mark.parametrize(("sign", "area"), [(1, 1), (-1, 0)])
def test_perfect_separation_has_no_interval(sign, area):
    found = roc(np.array([1, 2, 3, 4]) * sign, [0, 0, 1, 1]).auc

    assert (found.value, found.low, found.reason) == (area, None, Reason.PERFECT_SEPARATION)


def test_a_score_does_not_differ_from_itself():
    found = auc_difference(ALBUMIN, ALBUMIN, OUTCOME)

    assert (found.value, found.low, found.reason) == (0, None, Reason.ZERO_VARIANCE)


def test_an_outcome_of_three_values_is_refused():
    with pytest.raises(ValueError, match=r"1 \(there\) or 0"):
        roc([1, 2, 3], [0, 1, 2])
