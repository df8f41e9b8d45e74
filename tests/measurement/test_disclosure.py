import numpy as np
import pandas as pd
import pytest

from measurement.disclosure import feasible, suppress

COUNTS = pd.DataFrame(
    [[3, 40, 50], [30, 25, 60], [45, 12, 33]], index=list("abc"), columns=list("xyz")
)


def test_small_cell_takes_three_others_with_it():
    found = suppress(COUNTS)

    assert found.hidden.loc["a", "x"] == "small"
    assert found.hidden.eq("complementary").to_numpy().sum() == 3
    assert not found.hidden["total"].any()
    assert not found.hidden.loc["total"].any()


def test_hiding_the_small_cell_alone_would_give_it_away():
    full = suppress(COUNTS, threshold=2).shown
    alone = full.mask(full.eq(3))

    found = feasible(alone)

    assert found[["low", "high"]].to_numpy().tolist() == [[3, 3]]


def test_column_hides_its_next_smallest():
    found = suppress(pd.Series([3, 40, 50, 60], index=list("abcd")))

    assert found.shown["count"].isna().tolist() == [True, True, False, False, False]
    assert found.ranges[["low", "high"]].to_numpy().tolist() == [[0, 43], [0, 43]]


def test_total_is_hidden_where_nobody_else_could_hide_the_cell():
    found = suppress(pd.Series([3, 0, 0]))

    assert found.hidden["count"].tolist() == ["small", "", "", "small"]
    assert found.ranges["high"].tolist() == [np.inf, np.inf]


def test_large_total_of_one_small_cell_is_hidden_too():
    found = suppress(pd.DataFrame([[3, 0], [50, 40]]))

    assert found.hidden.loc[0, 0] == found.hidden.loc[0, "total"] == "small"
    assert found.ranges.loc[0, "high"] >= 10


@pytest.mark.parametrize("seed", range(6))
def test_no_small_cell_can_be_worked_out(seed):
    rng = np.random.default_rng(seed)
    shape = rng.integers(1, 7, size=2)
    counts = pd.DataFrame(rng.poisson(rng.gamma(1, 20, size=shape)))

    found = suppress(counts)

    ranges = found.ranges.set_index(["row", "column"])
    small = [at for at, why in found.hidden.stack().items() if why == "small"]
    assert (ranges.loc[small, "low"] == 0).all()
    assert (ranges.loc[small, "high"] >= 10).all()


def test_nothing_small_means_nothing_hidden():
    found = suppress(COUNTS + 10)

    assert not found.hidden.to_numpy().any()
    assert found.shown.loc["total", "total"] == COUNTS.to_numpy().sum() + 90
    assert found.ranges.empty


def test_zeros_are_shown():
    found = suppress(pd.DataFrame([[0, 20], [30, 40]]))

    assert found.shown.loc[0, 0] == 0


def test_hidden_count_is_an_answer_that_tells_nothing():
    found = suppress(COUNTS)

    hidden, shown = found.estimate("a", "x"), found.estimate("c", "z")
    assert (hidden.value, hidden.n, hidden.reason) == (None, 0, "suppressed")
    assert (shown.value, shown.n) == (33, 33)


@pytest.mark.parametrize(
    ("counts", "threshold", "message"),
    [
        (COUNTS - 10, 10, "not negative"),
        (COUNTS / 2, 10, "whole numbers"),
        (COUNTS.rename(index={"a": "total"}), 10, "without its totals"),
        (COUNTS.rename(columns={"x": "y"}), 10, "its own name"),
        (COUNTS.iloc[:0], 10, "no cells"),
        (COUNTS, 1, "at least 2"),
    ],
)
def test_suppress_refuses_wrong_input(counts, threshold, message):
    with pytest.raises(ValueError, match=message):
        suppress(counts, threshold)


def test_feasible_refuses_totals_that_do_not_add():
    shown = suppress(COUNTS).shown
    shown.loc["total", "x"] = 10.0

    with pytest.raises(ValueError, match="do not add"):
        feasible(shown)
