"""Expected values from R lavaan 0.6-14 (lavCor) and R psych 2.2.9."""

import numpy as np
import pandas as pd
import pytest

from measurement.dimensionality import polychoric, thresholds
from tests.measurement.lsat6 import LSAT6

# One item with two steps, one with three, in one order.
ONE_WAY = pd.DataFrame({"a": [0] * 15 + [1] * 20, "b": [0] * 10 + [1] * 25})


def below(frame):
    """The lower triangle, read by columns."""
    return frame.to_numpy()[np.triu_indices(len(frame), 1)]


def test_polychorics_equal_lavaan_on_lsat6():
    found = polychoric(LSAT6)

    expected = [
        *(0.1703163976994, 0.2275219448644, 0.1071861063767, 0.0665006154419),
        *(0.1890910787750, 0.1111470737881, 0.1724218486945, 0.1866804630497),
        *(0.1054916226115, 0.2009241164086),
    ]
    assert below(found.matrix) == pytest.approx(expected, abs=1e-7)
    cuts = [-1.432502720826, -0.550465695020, -0.133244523611, -0.715985989610, -1.126391129039]
    assert np.concatenate([*found.thresholds.values()]) == pytest.approx(cuts, abs=1e-11)
    assert (found.reason, found.at_boundary, found.items) == ("", [], [])


def test_polychorics_equal_reference_of_ten_items(reference):
    data, expected = reference("polychoric_efa")

    found = polychoric(data)

    ours = found.matrix.to_numpy()
    assert ours == pytest.approx(
        np.array(list(expected["polychoric_nocorrect"].values())), abs=5e-5
    )
    for item, cuts in expected["thresholds"].items():
        assert found.thresholds[item] == pytest.approx(cuts, abs=1e-11)
    assert found.n.to_numpy().min() == expected["n"]


def test_correction_changes_nothing_where_no_cell_is_empty(reference):
    data, expected = reference("polychoric_efa")

    found = polychoric(data, correction=0.5)

    theirs = np.array(list(expected["polychoric_default_correct05"].values()))
    assert found.empty_cells.to_numpy().sum() == 0
    assert found.matrix.to_numpy() == pytest.approx(theirs, abs=5e-5)


def test_polychorics_equal_reference_of_science(reference, shared_data):
    _, expected = reference("polychoric_efa")
    science = pd.read_csv(shared_data / "reference" / "polychoric_efa" / "science.csv")

    found = polychoric(science)

    theirs = pd.DataFrame(expected["science"]["polychoric_lavaan"]).to_numpy()
    assert found.matrix.to_numpy() == pytest.approx(theirs, abs=1e-7)
    assert found.empty_cells.to_numpy().sum() == 20


def test_two_halves_follow_sheppard():
    # Both cut at the median: r = sin(2π(share of the first quadrant − 1/4)).
    data = pd.DataFrame([(0, 0)] * 40 + [(1, 1)] * 40 + [(0, 1)] * 10 + [(1, 0)] * 10)

    found = polychoric(data)

    assert found.matrix.loc[0, 1] == pytest.approx(np.sin(2 * np.pi * 0.15), abs=1e-9)


def test_correction_equals_lavaan_for_a_table_of_four():
    # lavCor(zero.keep.margins = FALSE), which puts .5 into the empty cell.
    found = polychoric(ONE_WAY, correction=0.5)

    assert found.matrix.loc["a", "b"] == pytest.approx(0.9240296809, abs=1e-6)


@pytest.mark.parametrize(("turn", "sign"), [(False, 1), (True, -1)])
def test_pair_in_one_order_is_at_the_boundary(turn, sign):
    found = polychoric(ONE_WAY.assign(b=1 - ONE_WAY["b"]) if turn else ONE_WAY)

    assert found.matrix.loc["a", "b"] == sign
    assert found.at_boundary == [("a", "b")]
    assert found.reason == ""


def test_correlation_near_one_with_exceptions_is_inside():
    rng = np.random.default_rng(1)
    score = rng.normal(size=(3000, 1)) + 0.03 * rng.normal(size=(3000, 2))

    found = polychoric(pd.DataFrame(np.digitize(score, [-1, 0, 1])))

    assert found.at_boundary == []
    assert found.matrix.loc[0, 1] == pytest.approx(1 / 1.0009, abs=0.001)


def test_polychoric_recovers_the_correlation_of_different_scales():
    rng = np.random.default_rng(5)
    score = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], size=20_000)
    data = pd.DataFrame(
        {
            "three": np.digitize(score[:, 0], [-1, 0.5]),
            "six": 10.0 ** np.digitize(score[:, 1], [-1.5, -0.5, 0, 0.7, 1.9]),
        }
    )

    found = polychoric(data)

    assert found.matrix.loc["three", "six"] == pytest.approx(0.6, abs=0.02)
    assert found.steps["six"] == [1, 10, 100, 1000, 10_000, 100_000]


def test_missing_answers_leave_out_the_pair_only():
    holed = LSAT6.astype(float)
    holed.loc[::10, "i1"] = np.nan

    found, rest = polychoric(holed), polychoric(LSAT6.drop(LSAT6.index[::10]))

    assert (found.n.loc["i1", "i2"], found.n.loc["i2", "i3"]) == (900, 1000)
    assert found.matrix.loc["i2", "i3"] == polychoric(LSAT6).matrix.loc["i2", "i3"]
    assert found.thresholds["i1"] == rest.thresholds["i1"]
    assert found.missing == "pairwise"


def test_words_are_ordered_by_their_category():
    words = pd.Series(["low", "high", "low", "middle"])
    column = pd.Series(pd.Categorical(words, ["low", "middle", "high", "never"], ordered=True))

    assert thresholds(column) == pytest.approx([0, 0.6744897501960817])


@pytest.mark.parametrize(
    ("data", "reason", "items"),
    [
        ({"a": [1.0] * 20, "b": [1.0, 2] * 10}, "zero_variance", ["a"]),
        ({"a": [np.nan] * 20, "b": [np.nan] * 20}, "all_missing", ["a", "b"]),
        ({"a": [], "b": []}, "all_missing", ["a", "b"]),
        ({"a": [1, 2]}, "too_few_items", ["a"]),
        ({"a": [1, 2] * 3, "b": [1, 2, 3] * 2}, "too_few_rows", ["a", "b"]),
        (
            {"a": [1, 2] * 9 + [np.nan] * 18, "b": [np.nan] * 18 + [1.0, 2] * 9, "c": [1, 2] * 18},
            "no_overlap",
            ["a", "b"],
        ),
        (
            {"a": [1.0] * 20 + [2, 2], "b": [1.0, 2] * 10 + [np.nan] * 2, "c": [1, 2] * 11},
            "zero_variance",
            ["a", "b"],
        ),
    ],
)
def test_polychoric_says_why_a_pair_has_no_answer(data, reason, items):
    found = polychoric(pd.DataFrame(data, dtype=float))

    assert (found.reason, found.items) == (reason, items)


def test_other_pairs_are_kept_beside_an_item_that_does_not_vary():
    found = polychoric(LSAT6.assign(same=1))

    assert found.reason == "zero_variance"
    assert np.isnan(found.matrix.loc["same"]).all()
    assert below(found.matrix.iloc[:5, :5]) == pytest.approx(below(polychoric(LSAT6).matrix))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (pd.DataFrame({"a": ["low", "high"], "b": [1, 2]}), "are words"),
        (pd.DataFrame({"a": [np.inf, 1], "b": [1, 2]}), "finite"),
        (pd.DataFrame({"a": pd.Categorical(["x", "y"])}), "have no order"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "name of its own"),
    ],
)
def test_polychoric_refuses_wrong_input(data, message):
    with pytest.raises(ValueError, match=message):
        polychoric(data)


def test_polychoric_refuses_to_take_from_empty_cells():
    with pytest.raises(ValueError, match="negative"):
        polychoric(LSAT6, correction=-1)
