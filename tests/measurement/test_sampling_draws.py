import numpy as np
import pandas as pd
import pytest

from measurement.estimates import Reason
from measurement.sampling.allocation import allocate
from measurement.sampling.draws import pps, stratified, systematic, two_stage
from measurement.sampling.estimation import SurveyDesign, survey_mean
from measurement.sampling.frame import freeze
from measurement.sampling.pps import METHODS, draw_with, inclusion_probabilities


def rooms(centres: int = 60, regions: int = 4) -> pd.DataFrame:
    """Rooms in centres of 1 to 6 rooms, in regions."""
    sizes = 1 + np.arange(centres) % 6
    centre = np.repeat(np.arange(centres), sizes)
    return pd.DataFrame(
        {
            "room": np.arange(len(centre)),
            "centre": centre,
            "region": np.array(list("nsew"))[centre % regions],
            "rooms": sizes[centre],
        }
    )


@pytest.mark.parametrize(
    ("how", "extra", "expected"),
    [  # by hand: e.g. proportional, 40 · (10, 30, 60)/100
        ("proportional", {}, [4, 12, 24]),
        ("equal", {}, [10, 15, 15]),
        ("neyman", {"spread": {"a": 3, "b": 1, "c": 1}}, [10, 10, 20]),
        ("proportional", {"measure": {"a": 1, "b": 1, "c": 0}}, [10, 28, 2]),
        ("neyman", {"spread": {"a": 0, "b": 0, "c": 1}}, [2, 2, 36]),
    ],
)
def test_allocation_by_hand(how, extra, expected):
    found = allocate({"a": 10, "b": 30, "c": 60}, 40, how, **extra)

    assert list(found) == expected


def test_largest_remainders_get_what_is_left():
    # 10 · (7, 2, 1.5, 1.5)/12 = 5.83, 1.67, 1.25, 1.25; each at least 1
    found = allocate({"a": 70, "b": 20, "c": 15, "d": 15}, 10, minimum=1)

    assert list(found) == [6, 2, 1, 1]


def test_equal_remainders_go_to_the_earlier_stratum():
    assert list(allocate({"a": 5, "b": 5, "c": 5}, 8)) == [3, 3, 2]


def test_small_strata_keep_two_units_and_never_more_than_they_have():
    found = allocate({"tiny": 1, "small": 4, "large": 1000}, 60)

    assert dict(found) == {"tiny": 1, "small": 2, "large": 57}


@pytest.mark.parametrize("n", [2, 106, 10.5])
def test_an_impossible_allocation_is_refused(n):
    with pytest.raises(ValueError, match="not possible"):
        allocate({"a": 5, "b": 100}, n)


def test_stratified_draw_has_weights_that_add_to_the_frame():
    frame = rooms()

    draw = stratified(frame, "region", 40, np.random.default_rng(1), reserves=2)

    assert draw.allocation["n"].sum() == len(draw.units) == 40
    assert draw.units["weight"].sum() == pytest.approx(len(frame))
    by_region = draw.units.groupby("region")
    assert dict(by_region.size()) == dict(draw.allocation["n"])
    assert all(sorted(part) == list(range(1, len(part) + 1)) for _, part in by_region["order"])
    assert list(draw.reserves["order"]) == [1, 2] * 4
    assert not set(draw.reserves["room"]) & set(draw.units["room"])


def test_stratified_draw_by_numbers_may_leave_a_stratum_out():
    draw = stratified(rooms(), "region", {"n": 3, "s": 5}, np.random.default_rng(1))

    assert dict(draw.units.groupby("region").size()) == {"n": 3, "s": 5}


def test_a_draw_from_a_frozen_frame_is_repeatable_whatever_the_order_of_rows():
    frame = rooms()
    frozen = [
        freeze(shuffled, ["room", "centre", "region"], seed="public")
        for shuffled in (frame, frame.sample(frac=1, random_state=3))
    ]

    drawn = [stratified(one.table, "region", 20, one.rng("rooms")).units for one in frozen]

    assert drawn[0].equals(drawn[1])


def test_more_reserves_do_not_change_who_is_drawn():
    few, many = (
        stratified(rooms(), "region", 20, np.random.default_rng(5), reserves=k) for k in (0, 9)
    )

    assert few.units.equals(many.units)


def test_systematic_draw_takes_every_kth():
    frame = pd.DataFrame({"unit": range(100)})

    found = systematic(frame, 10, np.random.default_rng(2)).units["unit"]

    assert set(np.diff(found)) == {10}
    assert len(systematic(frame, 7, np.random.default_rng(2)).units) == 7


def test_certainty_units_are_taken_and_the_rest_shares():
    # 4 · 50/78 > 1: certain; then 3 · x/28
    found = inclusion_probabilities([1, 2, 3, 4, 5, 6, 7, 50], 4)

    assert list(found) == pytest.approx([*(3 * np.arange(1, 8) / 28), 1])


def test_units_become_certain_one_after_the_other():
    found = inclusion_probabilities([1, 1, 10, 100], 3)

    assert list(found) == [0.5, 0.5, 1, 1]


def test_all_units_may_be_drawn():
    assert list(inclusion_probabilities([1, 5], 2)) == [1, 1]


@pytest.mark.parametrize("method", METHODS)
def test_pps_draw_states_probability_weight_and_certainty(method):
    frame = pd.DataFrame({"unit": range(8), "children": [1, 2, 3, 4, 5, 6, 7, 50]})

    draw = pps(frame, "children", 4, np.random.default_rng(3), method, reserves=2)

    assert len(draw.units) == 4
    assert list(draw.units["certainty"]) == [False, False, False, True]
    assert (draw.units["weight"] * draw.units["probability"]).tolist() == pytest.approx([1] * 4)
    assert list(draw.reserves["order"]) == [1, 2]
    assert not set(draw.reserves["unit"]) & set(draw.units["unit"])


@pytest.mark.parametrize(
    ("size", "message"),
    [([1, 0, 2], "size zero"), ([1, -1, 2], "not negative"), ([1, np.nan, 2], "not negative")],
)
def test_a_size_that_cannot_be_is_refused(size, message):
    with pytest.raises(ValueError, match=message):
        pps(pd.DataFrame({"size": size}), "size", 1, np.random.default_rng(1))


def test_sampford_says_when_it_finds_no_sample():
    # Six of eight are nearly certain: hardly any trial gives five with a sixth that is new.
    probability = np.array([*[1 - 2e-9] * 6, 6e-9, 6e-9])

    with pytest.raises(ValueError, match="brewer or systematic"):
        draw_with(probability, "sampford", np.random.default_rng(1))


def test_two_stages_give_each_room_its_probability():
    frame = rooms()

    draw = two_stage(frame, "region", "centre", 20, 2, np.random.default_rng(4), reserves=3)

    units = draw.units
    assert units["centre"].nunique() == draw.allocation["n"].sum() == 20
    assert (
        units.groupby("centre").size() == np.minimum(2, units.groupby("centre")["rooms"].first())
    ).all()
    taken = np.minimum(2, units["cluster_size"])
    expected = units["region"].map(draw.allocation["n"] / draw.allocation["size"]) * taken
    assert list(units["probability"]) == pytest.approx(list(expected / units["cluster_size"]))
    assert set(units["stratum_size"]) == {15}
    assert list(draw.reserves["order"]) == [1, 2, 3] * 4
    assert not set(draw.reserves["centre"]) & set(units["centre"])


def test_two_stages_by_size_weigh_rooms_alike():
    frame = rooms()

    draw = two_stage(frame, "region", "centre", 20, 1, np.random.default_rng(4), size="rooms")

    weights = draw.units.groupby("region")["weight"]
    assert weights.std().max() == pytest.approx(0, abs=1e-9)
    assert draw.units["weight"].sum() == pytest.approx(len(frame))


def test_two_stages_feed_a_survey_design():
    frame = rooms()
    units = two_stage(frame, "region", "centre", 20, 2, np.random.default_rng(4)).units

    design = SurveyDesign(
        units["weight"],
        units["region"],
        [units["centre"], units["room"]],
        [units["stratum_size"], units["cluster_size"]],
        lonely="certainty",
    )
    found = survey_mean(units["rooms"], design)

    assert found.estimate.low < frame["rooms"].mean() < found.estimate.high
    refusing = SurveyDesign(
        units["weight"],
        units["region"],
        [units["centre"], units["room"]],
        [units["stratum_size"], units["cluster_size"] + 1],
    )
    assert survey_mean(units["rooms"], refusing).estimate.reason == Reason.LONELY_CLUSTER


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"region": None}, "needs its stratum"),
        ({"centre": None}, "needs its cluster"),
        ({"weight": 1}, "already has: weight"),
        ({"region": "nsew" * 51 + "nsewne"}, "in one stratum"),
    ],
)
def test_a_frame_that_cannot_be_drawn_from_is_refused(change, message):
    frame = rooms()
    values = {name: list(v) if isinstance(v, str) else v for name, v in change.items()}

    with pytest.raises(ValueError, match=message):
        two_stage(frame.assign(**values), "region", "centre", 20, 2, np.random.default_rng(4))


def test_unknown_words_are_refused():
    frame, rng = rooms(), np.random.default_rng(1)

    with pytest.raises(ValueError, match="no stratum x"):
        stratified(frame, "region", {"x": 3}, rng)
    with pytest.raises(ValueError, match="no more than all"):
        stratified(frame, "region", {"n": 3000}, rng)
    with pytest.raises(ValueError, match="proportional, neyman, equal"):
        stratified(frame, "region", 20, rng, allocation="even")
    with pytest.raises(ValueError, match="needs the spread"):
        stratified(frame, "region", 20, rng, allocation="neyman")
    with pytest.raises(ValueError, match="systematic, sampford, brewer"):
        pps(frame, "rooms", 3, rng, method="poisson")
    with pytest.raises(ValueError, match="frame is empty"):
        stratified(frame[:0], "region", 2, rng)
