import numpy as np
import pandas as pd
import pytest

from measurement.survival import cox, kaplan_meier, log_rank, overdue

# Acute myelogenous leukaemia: Miller (1997), Survival Analysis, p. 49 (R survival's aml).
MAINTAINED = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161]
MAINTAINED_DONE = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0]
OTHER = [5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45]
OTHER_DONE = [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]
TIME, DONE = MAINTAINED + OTHER, MAINTAINED_DONE + OTHER_DONE
GROUP = ["maintained"] * 11 + ["other"] * 12


def test_curve_equals_r_survival():
    # R 4.2.2, survival 3.5-3: survfit(Surv(time, status) ~ 1, conf.type = "log-log")
    found = kaplan_meier(MAINTAINED, MAINTAINED_DONE).table
    rows = found[found["events"] > 0]

    assert rows["time"].tolist() == [9, 13, 18, 23, 31, 34, 48]
    assert rows["open"].iloc[[0, 6]].tolist() == pytest.approx([0.9090909090909, 0.1840909090909])
    assert rows["low"].iloc[[0, 3, 6]].tolist() == pytest.approx(
        [0.50808020576993, 0.26575204000129, 0.01173848012319], abs=1e-12
    )
    assert rows["high"].iloc[[0, 3, 6]].tolist() == pytest.approx(
        [0.986673822668, 0.835299243250, 0.525014842727], abs=1e-11
    )


def test_median_equals_r_survival():
    other = kaplan_meier(OTHER, OTHER_DONE)
    maintained = kaplan_meier(MAINTAINED, MAINTAINED_DONE)

    assert (other.median.value, other.median.low, other.median.high) == (23, 5, 33)
    assert (maintained.median.value, maintained.median.low) == (31, None)
    assert maintained.median.reason == "at_boundary"


def test_median_lies_midway_where_the_curve_is_one_half():
    assert kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1]).median.value == 2.5


def test_share_still_open_is_read_from_the_curve():
    found = kaplan_meier(OTHER, OTHER_DONE)
    unfinished = kaplan_meier(MAINTAINED, MAINTAINED_DONE)

    assert found.open_after(4) == 1
    assert found.open_after(8) == pytest.approx(8 / 12)
    assert found.open_after(500) == 0
    assert np.isnan(unfinished.open_after(162))


def test_log_rank_equals_r_survival():
    found = log_rank(TIME, DONE, GROUP)

    assert (found.statistic, found.df) == (pytest.approx(3.39638869898, abs=1e-9), 1)
    assert found.p == pytest.approx(0.0653393220405)


def test_cox_equals_r_survival():
    # coxph(Surv(time, status) ~ x): .915532575015 (.511934275172), ties by Efron
    found = cox(TIME, DONE, pd.DataFrame({"x": GROUP})).table.iloc[0]

    assert found["name"] == "x=other"
    assert np.log(found["ratio"]) == pytest.approx(0.915532575015, abs=1e-7)
    assert np.log(found["high"] / found["ratio"]) / 1.959963984540054 == pytest.approx(
        0.511934275172, abs=1e-7
    )


def test_cox_with_clusters_equals_r_survival():
    # coxph(Surv(time, status) ~ x + cluster(g), ties = "breslow"), g = (row - 1) %% 8
    found = cox(TIME, DONE, pd.DataFrame({"x": GROUP}), clusters=np.arange(23) % 8)

    row = found.table.iloc[0]
    assert found.clusters == 8
    assert np.log(row["ratio"]) == pytest.approx(0.904219723686, abs=1e-7)
    assert np.log(row["high"] / row["ratio"]) / 1.959963984540054 == pytest.approx(
        0.281580871983, abs=1e-7
    )


def test_cox_does_not_mind_the_unit_of_a_column():
    days = pd.DataFrame({"distance": np.arange(23.0) % 7})

    metres, kilometres = (cox(TIME, DONE, days * scale).table.iloc[0] for scale in (1000, 1))

    assert metres["p"] == pytest.approx(kilometres["p"], rel=1e-5)
    assert np.log(kilometres["ratio"]) == pytest.approx(1000 * np.log(metres["ratio"]), rel=1e-5)


def test_overdue_counts_what_is_late_today():
    due = [10, 10, 10, 10, 30, 20]
    finished = [8, 10, 14, np.nan, np.nan, np.nan]

    found = overdue(due, finished, today=20)

    assert (found.open, found.overdue, found.done, found.done_late) == (3, 1, 3, 1)
    assert (found.in_time.value, found.in_time.n) == (0.5, 4)
    assert found.late.table["time"].tolist() == [4, 10]


@pytest.mark.parametrize(
    ("time", "done", "reason"),
    [([], [], "too_few_rows"), ([np.nan], [0], "all_missing"), ([5, 6], [0, 0], "no_events"),
     ([5, 6, 7], [1, 0, 0], "not_identified")],
)  # fmt: skip
def test_median_says_why_there_is_none(time, done, reason):
    assert kaplan_meier(time, done).median.reason == reason


@pytest.mark.parametrize(
    ("time", "done", "group", "reason"),
    [
        ([1, 2], [1, 1], ["a", "a"], "one_group"),
        ([1, 2], [0, 0], ["a", "b"], "no_events"),
        ([np.nan, np.nan], [0, 0], ["a", "b"], "all_missing"),
        ([], [], [], "too_few_rows"),
        ([1, 2, 7, 8], [0, 0, 1, 1], ["a", "a", "b", "b"], "not_identified"),
    ],
)
def test_log_rank_says_why_there_is_no_test(time, done, group, reason):
    found = log_rank(time, done, group)

    assert found.reason == reason
    assert np.isnan(found.p)


@pytest.mark.parametrize(
    ("time", "done", "x", "reason"),
    [
        (TIME, [0] * 23, GROUP, "no_events"),
        (TIME, DONE, ["a"] * 23, "zero_variance"),
        ([1, 2, 3], [1, 0, 0], ["a", "b", "a"], "too_few_rows"),
        ([np.nan] * 3, [0] * 3, [1, 2, 3], "all_missing"),
        ([], [], [], "too_few_rows"),
        (TIME, [*MAINTAINED_DONE, *[0] * 12], GROUP, "perfect_separation"),
    ],
)
def test_cox_says_why_it_is_insufficient(time, done, x, reason):
    found = cox(time, done, pd.DataFrame({"x": x}))

    assert (found.reason, len(found.table)) == (reason, 0)


def test_cox_of_columns_that_say_the_same_is_not_identified():
    twice = pd.DataFrame({"a": np.arange(23.0) % 5})

    assert cox(TIME, DONE, twice.assign(b=2 * twice["a"])).reason == "not_identified"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kaplan_meier([1, 2], [1]), "whether it has ended"),
        (lambda: kaplan_meier([-1], [1]), "not negative"),
        (lambda: kaplan_meier([1], [2]), "True or False"),
        (lambda: log_rank([1], [1], [None]), "group that it belongs to"),
        (lambda: overdue([np.nan], [1], 5), "on which it is due"),
    ],
)
def test_survival_refuses_wrong_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
