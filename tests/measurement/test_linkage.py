import numpy as np
import pandas as pd
import pytest

from measurement.evaluation.robust import fit
from measurement.linkage import PANEL_COLUMNS, intervals, linkage, room_panel

SCORES = pd.DataFrame(
    [
        ("r1", "a", 0, 40.0),
        ("r1", "a", 10, 44.0),
        ("r1", "a", 35, 50.0),
        ("r1", "a", 70, 58.0),
        ("r1", "a", 70, 62.0),
        ("r2", "a", 5, 30.0),
        ("r2", "a", 50, np.nan),
        ("r3", "b", 5, 70.0),
        ("r3", "b", 65, 60.0),
    ],
    columns=["room", "centre", "date", "score"],
)
ROOMS = pd.DataFrame(
    {"room": ["r1", "r2", "r3"], "learners": [2, 3, np.nan], "staff": [3, 2, np.nan]}
)


def test_each_stretch_begins_where_the_one_before_ended():
    found = intervals(SCORES, 30)

    assert found[["room", "first_date", "last_date", "first", "last"]].to_numpy().tolist() == [
        ["r1", 0, 35, 40, 50],
        ["r1", 35, 70, 50, 60],
        ["r3", 5, 65, 70, 60],
    ]
    assert found["interval"].tolist() == [1, 2, 1]
    assert found["change"].tolist() == [10, 10, -10]


def panel():
    return room_panel(
        intervals(SCORES, 30),
        ROOMS,
        cycles=pd.DataFrame(
            {
                "room": ["r1", "r1", "r1", "r1", "r3"],
                "date": [0, 35, 36, 70, 90],
                "minutes": [30, 40, 50, np.nan, 60],
                "modelled": [1, 1, 0, 1, 1],
                "fidelity": [0.9, 0.8, np.nan, 1.0, 0.5],
            }
        ),
        lessons=pd.DataFrame({"room": ["r1", "r1", "r3"], "date": [1, 2, 6]}),
        departures=pd.DataFrame({"room": ["r1"], "date": [20]}),
        answers=pd.DataFrame(
            {"centre": ["a", "a", "b"], "date": [30, 40, 5], "yes": [9, 5, 8], "no": [1, 5, 2]}
        ),
    )


def test_event_falls_into_the_stretch_that_it_lies_in():
    found = panel()

    assert found["cycles"].tolist() == [1, 2, 0]
    assert found["minutes"].tolist() == [40, 50, 0]
    assert found["modelled"].tolist() == pytest.approx([1, 0.5, np.nan], nan_ok=True)
    assert found["fidelity"].tolist() == pytest.approx([0.8, 1.0, np.nan], nan_ok=True)
    assert found["modules"].tolist() == [2, 0, 1]
    assert list(found.columns) == PANEL_COLUMNS


def test_rates_need_what_they_are_divided_by():
    found = panel()

    assert found["modules_per_learner"].tolist() == pytest.approx([1, 0, np.nan], nan_ok=True)
    assert found["turnover"].iloc[0] == pytest.approx(1 / 3 * 365.25 / 35)
    assert np.isnan(found["turnover"].iloc[2])
    assert found["safety_index"].tolist() == pytest.approx([90, 50, np.nan], nan_ok=True)


def test_strand_that_was_not_recorded_is_missing_rather_than_zero():
    found = room_panel(intervals(SCORES, 30), ROOMS)

    strands = ["cycles", "modelled", "modules", "left", "yes", "safety_index"]
    assert found[strands].isna().all(axis=None)


def made(effect=0.0, rooms=300, waves=4, seed=2, by_score=False):
    """Six rooms a centre, several stretches; cycles by lot, or where the score was low."""
    rng = np.random.default_rng(seed)
    true = 50 + 8 * rng.normal(size=rooms)
    seen = true[:, None] + 8 * rng.normal(size=(rooms, waves))
    cycles = rng.integers(0, 4, size=(rooms, waves - 1)).astype(float)
    if by_score:
        cycles = 3.0 * (seen[:, :-1] < 44)
    seen[:, 1:] += effect * cycles.cumsum(axis=1)
    n = rooms * (waves - 1)
    frame = pd.DataFrame({"room": np.repeat(np.arange(rooms), waves - 1)})
    frame["centre"] = frame["room"] // 6
    frame["interval"] = np.tile(np.arange(1, waves), rooms)
    frame["first_date"], frame["last_date"] = 60 * frame["interval"], 60 * frame["interval"] + 60
    frame["first"], frame["last"] = seen[:, :-1].ravel(), seen[:, 1:].ravel()
    frame["gap_days"] = 55.0 + rng.integers(0, 10, n)
    frame["change"] = frame["last"] - frame["first"]
    frame["cycles"] = cycles.ravel()
    frame["turnover"] = rng.random(n)
    absent = [column for column in PANEL_COLUMNS if column not in frame.columns]
    return frame.assign(**dict.fromkeys(absent, np.nan))[PANEL_COLUMNS]


def test_association_is_the_clustered_regression():
    data = made(effect=2.0)
    expected = fit(data["last"], data[["cycles", "gap_days", "first"]], data["centre"])

    found = linkage(data).associations.set_index("strand").loc["cycles"]

    assert found["estimate"] == pytest.approx(expected.estimate("cycles").value)
    assert found["p"] == pytest.approx(expected.coefficients.set_index("name")["p"]["cycles"])
    assert found["p_holm"] == pytest.approx(2 * found["p"])
    assert (found["n"], found["rooms"], found["clusters"]) == (900, 300, 50)


def test_rooms_compared_with_themselves_find_the_effect():
    found = linkage(made(effect=2.0)).within_rooms

    assert found.low < 2 < found.high
    assert found.low > 0
    assert found.clusters == 50


def test_mentoring_by_low_score_shows_no_gain_from_nothing():
    data = made(by_score=True)
    plain = fit(data["change"], data[["cycles"]], data["centre"]).estimate("cycles")

    found = linkage(data).associations.set_index("strand").loc["cycles"]

    assert plain.low > 2
    assert found["low"] < 0 < found["high"]


def test_corrected_first_score_needs_a_reliability():
    plain, corrected = (
        linkage(made(), reliability).associations.set_index("strand").loc["cycles"]
        for reliability in (None, 0.5)
    )

    assert np.isnan(plain["corrected"])
    assert corrected["corrected_low"] < corrected["corrected"] < corrected["corrected_high"]


def test_strands_stand_together_in_one_model():
    found = linkage(made())

    names = found.together.coefficients["name"].tolist()
    assert names == ["intercept", "first", "gap_days", "cycles", "turnover"]


@pytest.mark.parametrize(
    ("change", "rows", "reason"),
    [
        ({"cycles": np.nan}, 900, "not_recorded"),
        ({"cycles": 1.0}, 900, "zero_variance"),
        ({}, 20, "too_few_rows"),
        ({"centre": 1}, 900, "too_few_clusters"),
    ],
)
def test_association_says_why_there_is_none(change, rows, reason):
    found = linkage(made().iloc[:rows].assign(**change))

    row = found.associations.set_index("strand").loc["cycles"]
    assert row["reason"] == reason
    assert np.isnan(row["estimate"])
    assert np.isnan(row["p_holm"])


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"cycles": np.nan}, "not_recorded"), ({"room": 1}, "too_few_rows"),
     ({"centre": 1}, "too_few_clusters")],
)  # fmt: skip
def test_rooms_compared_with_themselves_say_why_not(change, reason):
    assert linkage(made().assign(**change)).within_rooms.reason == reason


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: intervals(SCORES, 0), "a day or more"),
        (lambda: intervals(SCORES.drop(columns="date"), 30), "Scores lack these columns: date"),
        (lambda: intervals(SCORES.assign(centre=range(9)), 30), "more than one centre"),
        (lambda: intervals(SCORES.assign(date=np.nan), 30), "its room, centre and date"),
        (lambda: room_panel(intervals(SCORES, 30), pd.concat([ROOMS, ROOMS])), "one row each"),
        (
            lambda: room_panel(intervals(SCORES, 30), ROOMS, cycles=ROOMS),
            "Cycles lack these columns: date, minutes",
        ),
        (lambda: linkage(SCORES), "Rows of the panel lack"),
    ],
)
def test_linkage_refuses_wrong_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
