import numpy as np
import pandas as pd
import pytest

from measurement.agreement import connected_components, observer_severity

# Shrout & Fleiss (1979), table 2, without four of its cells.
HOLED = pd.DataFrame(
    {
        "A": [9, 6, 8, np.nan, 10, 6],
        "B": [np.nan, 1, 4, 1, 5, 2],
        "C": [5, 3, 6, 2, 6, np.nan],
        "D": [8, 2, np.nan, 6, 9, 7],
    }
)
LONG = (
    HOLED.rename_axis(index="target", columns="rater").stack().rename("score").reset_index()
)  # fmt: skip


def two_parts():
    return pd.concat([LONG, LONG.assign(target=LONG["target"] + 6, rater="z" + LONG["rater"])])


def test_severity_equals_r():
    # R 4.2.2: lm(score ~ target + rater) with sum contrasts, confint; lme4 1.1-31: ranef, condVar.
    found = observer_severity(LONG).set_index("rater").sort_index()

    values = [2.1785714285714, -2.4642857142857, -1.0357142857143, 1.32142857142857]
    assert found["severity"].tolist() == pytest.approx(values, abs=1e-12)
    assert found["se"].tolist() == pytest.approx([0.41913308357128] * 4, abs=1e-12)
    assert found.loc["A", ["low", "high"]].tolist() == pytest.approx(
        [1.2560657315276, 3.10107712561527], abs=1e-11
    )
    shrunken = [2.10563316049943, -2.36752251198494, -0.96886397574925, 1.23075332723474]
    assert found["shrunken"].tolist() == pytest.approx(shrunken, abs=1e-6)
    assert found["shrunken_se"].tolist() == pytest.approx([0.72518370452673] * 4, abs=1e-6)
    assert found["n"].tolist() == [5] * 4
    assert found["reason"].tolist() == [""] * 4


def test_severity_is_not_the_luck_of_better_rooms():
    # Each rater is as severe as the other; b saw two poor rooms more.
    ratings = [("r1", "a", 3), ("r1", "b", 3), ("r2", "a", 2), ("r2", "b", 2)]
    ratings += [("r3", "b", 0), ("r4", "b", 0), ("r5", "a", 1), ("r5", "b", 1.1)]

    found = observer_severity(pd.DataFrame(ratings, columns=["target", "rater", "score"]))

    assert found["severity"].abs().max() < 0.02


def test_severity_shrinks_observers_of_few_ratings_the_most():
    rng = np.random.default_rng(31)
    wide = rng.normal(size=(60, 1)) + np.array([1, -1, 0, 1]) + rng.normal(size=(60, 4))
    wide[5:, 3] = np.nan
    ratings = pd.DataFrame(wide).stack().rename("score").rename_axis(["target", "rater"])

    found = observer_severity(ratings.dropna().reset_index())

    kept = found["shrunken"] / found["severity"]
    assert found["n"].tolist() == [60, 60, 60, 5]
    assert 0 < kept[3] < 0.95 < kept[0]
    assert found["shrunken_se"][3] > found["shrunken_se"][0]


def test_severity_of_a_design_in_parts_is_refused():
    found = observer_severity(two_parts())

    assert set(found["reason"]) == {"observers_confounded"}
    assert found["severity"].isna().all()
    assert found.set_index("rater")["part"].to_dict() == {
        **dict.fromkeys("ABCD", 0),
        **dict.fromkeys(["zA", "zB", "zC", "zD"], 1),
    }


def test_severity_within_parts_is_that_of_each_part():
    found = observer_severity(two_parts(), within_parts=True)

    one = observer_severity(LONG)
    figures = ["severity", "se", "low", "high", "shrunken", "shrunken_se", "reason"]
    for part in (0, 1):
        own = found[found["part"] == part].reset_index(drop=True)
        pd.testing.assert_frame_equal(own[figures], one[figures])


@pytest.mark.parametrize(
    ("ratings", "reason"),
    [
        (LONG[LONG["rater"] == "A"], "one_rater"),
        (LONG[LONG["target"] == 1], "too_few_rows"),
        (LONG.assign(score=LONG["target"] + LONG["rater"].map(ord)), "at_boundary"),
    ],
)
def test_severity_says_why_it_is_insufficient(ratings, reason):
    found = observer_severity(ratings)

    assert set(found["reason"]) == {reason}
    assert found["se"].isna().all()


def test_severity_of_exact_ratings_stands_without_interval():
    ratings = LONG.assign(score=LONG["target"] + LONG["rater"].map(ord))

    found = observer_severity(ratings).set_index("rater").sort_index()

    assert found["severity"].tolist() == pytest.approx([-1.5, -0.5, 0.5, 1.5])


def test_severity_that_reml_cannot_shrink_stands_alone():
    noise = np.random.default_rng(32).normal(size=len(LONG))

    found = observer_severity(LONG.assign(score=1e6 * LONG["target"] + noise))

    assert set(found["reason"]) == {"not_converged"}
    assert found["shrunken"].isna().all()
    assert found["se"].notna().all()


def test_severity_of_nothing_is_an_empty_table():
    found = observer_severity(LONG.assign(score=np.nan))

    assert len(found) == 0
    assert list(found.columns)[:4] == ["rater", "n", "part", "severity"]


def test_components_are_chains_of_shared_rows_and_columns():
    rows = ["r1", "r1", "r2", "r3", "r4"]
    columns = ["a", "b", "b", "c", "c"]

    assert connected_components(rows, columns).tolist() == [0, 0, 0, 1, 1]
    assert connected_components([*rows, "r3"], [*columns, "a"]).max() == 0


def test_components_of_nothing_are_none():
    assert connected_components([], []).tolist() == []


@pytest.mark.parametrize(
    ("rows", "columns", "message"),
    [([1], [1, 2], "one row and one column"), ([1, None], [1, 2], "some are missing")],
)
def test_components_refuse_wrong_input(rows, columns, message):
    with pytest.raises(ValueError, match=message):
        connected_components(rows, columns)
