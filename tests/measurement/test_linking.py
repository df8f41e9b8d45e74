import numpy as np
import pandas as pd
import pytest

from measurement.linking import (
    associations,
    between,
    braid,
    centres_without_rooms,
    change,
    change_by_dose,
    coverage,
)

EMPTY = {
    "dose": ["room", "centre", "cycles", "minutes"],
    "learning": ["room", "centre", "modules", "learners"],
    "scores": ["room", "centre", "date", "score"],
    "findings": ["centre", "yes", "no", "findings"],
    "events": ["room", "date"],
}


def empty(name: str) -> pd.DataFrame:
    return pd.DataFrame(columns=EMPTY[name])


def scores(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=EMPTY["scores"])


SCORES = scores(
    ("r1", "c1", 100, 40.0),
    ("r1", "c1", 190, 70.0),
    ("r1", "c1", 150, 10.0),
    ("r2", "c1", 100, 50.0),
    ("r3", "c2", 100, 50.0),
    ("r3", "c2", 110, 60.0),
    ("r4", "c2", 100, 30.0),
    ("r4", "c2", 100, 50.0),
    ("r4", "c2", 160, 20.0),
    ("r4", "c2", 200, np.nan),
)
DOSE = pd.DataFrame([("r1", "c1", 3, 120), ("r2", "c1", 0, 0)], columns=EMPTY["dose"])
LEARNING = pd.DataFrame([("r1", "c1", 9, 2), ("r5", "c3", 4, 0)], columns=EMPTY["learning"])
FINDINGS = pd.DataFrame([("c1", 19, 1, 2), ("c9", 5, 5, 4)], columns=EMPTY["findings"])
# r1 has its first score on day 100 and its last on day 190.
CYCLES = pd.DataFrame([("r1", 99), ("r1", 150), ("r1", 190)], columns=EMPTY["events"])
LESSONS = pd.DataFrame([("r1", 100), ("r1", 101), ("r5", 120)], columns=EMPTY["events"])


def joined(**absent) -> pd.DataFrame:
    """The table of the frames above, some of them replaced."""
    frames = {"dose": DOSE, "learning": LEARNING, "change": change(SCORES, 30)}
    frames |= {"findings": FINDINGS, "cycles": CYCLES, "lessons": LESSONS}
    return braid(**(frames | absent))


def test_change_is_last_less_first():
    found = change(SCORES, 30).set_index("room")

    assert found.loc["r1", ["first", "last", "change"]].tolist() == [40, 70, 30]
    assert found.loc["r1", ["sessions", "first_date", "last_date", "gap_days"]].tolist() == [
        *(3, 100, 190, 90)
    ]
    assert found.loc["r1", "centre"] == "c1"


def test_change_of_one_day_averages_its_scores():
    found = change(SCORES, 30).set_index("room")

    assert found.loc["r4", ["sessions", "first", "last", "change"]].tolist() == [3, 40, 20, -20]


@pytest.mark.parametrize("room", ["r2", "r3"])
def test_change_is_missing_when_seen_once_or_too_soon(room):
    found = change(SCORES, 30).set_index("room")

    assert found.loc[room, "first"] == 50
    assert np.isnan(found.loc[room, "change"])


def test_change_of_one_day_is_missing_without_any_gap_asked():
    assert np.isnan(change(SCORES, 0).set_index("room").loc["r2", "change"])


@pytest.mark.parametrize(
    ("frame", "gap", "message"),
    [
        (SCORES.drop(columns="date"), 30, "lack these columns: date"),
        (SCORES, -1, "cannot be negative"),
        (scores(("r1", "c1", 1, 5.0), ("r1", "c2", 2, 5.0)), 30, "more than one centre"),
        (scores(("r1", None, 1, 5.0)), 30, "its room and its centre"),
        (scores(("r1", "c1", None, 5.0)), 30, "date of its session"),
        (scores(("r1", "c1", 1, np.inf)), 30, "finite"),
    ],
)
def test_change_refuses_wrong_input(frame, gap, message):
    with pytest.raises(ValueError, match=message):
        change(frame, gap)


@pytest.mark.parametrize(
    ("day", "count"), [(99, 0), (100, 0), (101, 1), (150, 1), (190, 1), (191, 0)]
)
def test_between_is_after_the_first_day_and_up_to_the_last(day, count):
    events = pd.DataFrame([("r1", day)], columns=EMPTY["events"])

    assert between(events, change(SCORES, 30))["r1"] == count


def test_between_has_only_rooms_with_a_change():
    events = pd.DataFrame([("r2", 150), ("r3", 105), ("r9", 1)], columns=EMPTY["events"])

    assert between(events, change(SCORES, 30)).to_dict() == {"r1": 0, "r4": 0}


def test_braid_tells_dose_of_the_period_from_dose_between_the_scores():
    found = joined().set_index("room")

    columns = ["cycles", "cycles_between", "modules", "modules_between"]
    assert found.loc["r1", columns].tolist() == [3, 2, 9, 1]
    assert found.loc["r1", "modules_per_learner_between"] == 0.5
    # Seen once: no "between". Seen twice, but nothing known of its dose: unknown, not 0.
    assert found.loc["r2", "cycles"] == 0
    assert found.index[found["cycles_between"].notna()].tolist() == ["r1"]


def test_braid_has_one_row_per_room_and_gaps_where_a_strand_has_none():
    found = joined()

    assert found["room"].tolist() == ["r1", "r2", "r3", "r4", "r5"]
    by_room = found.set_index("room")
    columns = ["cycles", "modules_per_learner", "change", "safety_index", "findings"]
    assert by_room.loc["r1", columns].tolist() == [3, 4.5, 30, 95, 2]
    assert by_room.loc["r2", "cycles"] == 0
    assert by_room.loc["r2", "safety_index"] == 95
    assert by_room[columns].isna().loc["r2"].tolist() == [False, True, True, False, False]
    assert by_room[columns].isna().loc["r3"].tolist() == [True] * 5
    assert by_room.loc["r5", "modules"] == 4
    assert np.isnan(by_room.loc["r5", "modules_per_learner"])


def test_braid_names_centres_that_have_no_room():
    assert centres_without_rooms(joined(), FINDINGS) == ["c9"]


def test_coverage_counts_each_strand():
    found = coverage(joined())

    assert found == {
        "rooms": 5,
        "centres": 3,
        "rooms_dose": 2,
        "rooms_learning": 2,
        "rooms_change": 2,
        "rooms_safety": 2,
        "centres_safety": 1,
        "rooms_all": 1,
    }


def test_braid_of_nothing_is_empty_and_insufficient():
    found = braid(
        empty("dose"),
        empty("learning"),
        change(empty("scores"), 30),
        empty("findings"),
        empty("events"),
        empty("events"),
    )

    assert found.empty
    assert set(coverage(found).values()) == {0}
    linked = associations(found, np.random.default_rng(1))
    assert {estimate.reason for estimate in linked.values()} == {"no_overlap"}
    assert {estimate.reason for estimate in change_by_dose(found).values()} == {"too_few_rows"}


@pytest.mark.parametrize("absent", ["dose", "learning", "findings"])
def test_braid_with_one_strand_absent_keeps_the_rooms(absent):
    found = joined(**{absent: empty(absent)})

    assert {"r1", "r2", "r3", "r4"} <= set(found["room"])


@pytest.mark.parametrize(
    ("name", "frame", "message"),
    [
        ("dose", pd.concat([DOSE, DOSE]), "more than one row for the same room"),
        ("dose", DOSE.assign(cycles=-1), "cannot be negative"),
        ("dose", DOSE.assign(centre="c2"), "more than one centre"),
        ("learning", LEARNING.drop(columns="learners"), "lack these columns: learners"),
        ("findings", pd.concat([FINDINGS, FINDINGS]), "one row per centre"),
        ("cycles", CYCLES.drop(columns="date"), "lack these columns: date"),
    ],
)
def test_braid_refuses_wrong_input(name, frame, message):
    with pytest.raises(ValueError, match=message):
        joined(**{name: frame})


def country(effect: float, centres: int = 40, rooms: int = 4, seed: int = 1) -> pd.DataFrame:
    """A joined table in which each completed cycle adds ``effect`` points."""
    rng = np.random.default_rng(seed)
    n = centres * rooms
    room, centre = np.arange(n), np.repeat(np.arange(centres), rooms)
    true = rng.normal(50, 10, n)
    first, cycles = true + rng.normal(0, 5, n), rng.integers(0, 5, n)
    last = true + effect * cycles + rng.normal(0, 5, n)
    keys = {"room": room, "centre": centre}
    seen = pd.concat(
        [
            pd.DataFrame({**keys, "date": 100, "score": first}),
            pd.DataFrame({**keys, "date": 200, "score": last}),
        ]
    )
    yes = rng.integers(80, 100, centres)
    modules = rng.integers(0, 20, n)
    return braid(
        pd.DataFrame({**keys, "cycles": cycles, "minutes": cycles * 40}),
        pd.DataFrame({**keys, "modules": modules, "learners": 3}),
        change(seen, 30),
        pd.DataFrame(
            {"centre": np.arange(centres), "yes": yes, "no": 100 - yes, "findings": 100 - yes}
        ),
        pd.DataFrame({"room": np.repeat(room, cycles), "date": 150}),
        pd.DataFrame({"room": np.repeat(room, modules), "date": 150}),
    )


def test_associations_find_the_strand_that_works():
    found = associations(country(effect=4.0), np.random.default_rng(1))

    assert found["dose_change"].low > 0.3
    assert (found["dose_change"].n, found["dose_change"].clusters) == (160, 40)
    assert (found["change_safety"].n, found["change_safety"].clusters) == (40, 40)


def test_associations_of_strands_without_effect_seldom_leave_zero():
    false_alarms = 0
    for seed in range(60):
        found = associations(country(0.0, seed=seed), np.random.default_rng(seed), resamples=100)
        false_alarms += not found["learning_change"].low < 0 < found["learning_change"].high

    # 5 % of 60 is 3; three Monte-Carlo standard errors above that is 8.
    assert false_alarms <= 8


def test_associations_by_centre_use_each_centre_once():
    table = country(effect=2.0)

    found = associations(table, np.random.default_rng(1))["change_safety"]

    means = table.groupby("centre")[["change", "first", "safety_index"]].mean()
    design = np.column_stack([np.ones(len(means)), means["first"]])
    left = [
        means[name] - design @ np.linalg.lstsq(design, means[name], rcond=None)[0]
        for name in ("change", "safety_index")
    ]
    assert found.value == pytest.approx(np.corrcoef(*left)[0, 1], abs=1e-12)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (country(2.0, centres=7, rooms=4), "too_few_rows"),
        (country(2.0, centres=9, rooms=10), "too_few_clusters"),
    ],
)
def test_associations_say_why_they_are_insufficient(table, reason):
    found = associations(table, np.random.default_rng(1))

    assert {estimate.reason for estimate in found.values()} == {reason}


def test_association_with_a_strand_of_equal_values_is_insufficient():
    found = associations(country(2.0).assign(cycles_between=2.0), np.random.default_rng(1))

    assert found["dose_change"].reason == "zero_variance"
    assert found["learning_change"].sufficient


def test_change_by_dose_gives_each_group_its_mean():
    table = country(effect=4.0)

    found = change_by_dose(table)

    assert {name: estimate.n for name, estimate in found.items()} == {
        "0": int((table["cycles"] == 0).sum()),
        "1-2": int(table["cycles"].between(1, 2).sum()),
        "3+": int((table["cycles"] >= 3).sum()),
    }
    assert found["3+"].value == pytest.approx(table.loc[table["cycles"] >= 3, "change"].mean())
    assert found["3+"].low > found["0"].high


def test_dose_outside_the_two_scores_counts_for_nothing():
    table = country(effect=4.0).assign(cycles=7.0)

    assert change_by_dose(table) == change_by_dose(country(effect=4.0))
    first, second = (
        associations(each, np.random.default_rng(1)) for each in (table, country(effect=4.0))
    )
    assert first == second


def test_change_by_dose_adjusted_takes_out_regression_to_the_mean():
    table = country(effect=0.0, centres=150)
    low = table["first"] < table["first"].quantile(0.25)
    chosen = table.assign(cycles_between=np.where(low, 3.0, 0.0))

    naive, adjusted = change_by_dose(chosen)["3+"], change_by_dose(chosen, adjusted=True)["3+"]

    assert naive.low > 0  # a gain from nothing
    assert adjusted.low < 0 < adjusted.high


def test_change_by_dose_with_few_centres_is_insufficient():
    found = change_by_dose(country(1.0, centres=9, rooms=10))

    assert {estimate.reason for estimate in found.values()} == {"too_few_clusters"}


def test_change_by_dose_refuses_part_of_a_cycle():
    with pytest.raises(ValueError, match="whole numbers"):
        change_by_dose(country(1.0).assign(cycles_between=0.5))
