import numpy as np
import pandas as pd
import pytest

from measurement.estimates import Reason
from measurement.sampling.weights import (
    cell_adjustment,
    design_weights,
    effective_n,
    poststratify,
    propensity_adjustment,
    rake,
    trim,
)
from tests.measurement.test_sampling_estimation import made

G = {"a": 80, "b": 120}
H = {"p": 90, "q": 50, "r": 60}
ROWS = [0, 1, 2, 3, 59]


def test_design_weights_are_one_over_the_probability():
    assert list(design_weights([0.5, 0.25, 1])) == [2, 4, 1]
    for p in (0, 1.5, np.nan):
        with pytest.raises(ValueError, match="above 0"):
            design_weights([p])


def test_raked_weights_equal_those_of_r():
    # R 4.2.2, survey 4.1-1: rake(), epsilon 1e-12
    d = made()

    found = rake(d.w, d[["g", "h"]], {"g": G, "h": H}, tolerance=1e-13)

    assert list(found.weights[ROWS]) == pytest.approx(
        [1.023762501087, 1.438009221983, 2.952474997825, 5.406254022155, 4.314027665949], rel=1e-9
    )
    assert list(found.table["after"]) == pytest.approx([80, 120, 90, 50, 60])


def test_poststratified_weights_equal_those_of_r():
    # R 4.2.2, survey 4.1-1: postStratify()
    d = made()

    found = poststratify(d.w, d.h, H)

    assert list(found.weights[ROWS]) == pytest.approx(
        [1, 1.463414634146, 3, 5.263157894737, 4.390243902439], rel=1e-9
    )
    assert (found.method, found.steps) == ("post-stratified", 1)


def test_raking_that_cannot_end_is_a_reason():
    # Cells on a diagonal: each margin undoes the other.
    margins = pd.DataFrame({"a": ["x", "y"], "b": ["u", "v"]})
    totals = {"a": {"x": 1, "y": 3}, "b": {"u": 3, "v": 1}}

    found = rake([1, 1], margins, totals)

    assert (found.reason, len(found.weights)) == (Reason.NOT_CONVERGED, 0)


def test_a_category_without_rows_is_a_reason():
    d = made()

    assert poststratify(d.w, d.h, H | {"s": 10}).reason == Reason.SMALL_CELLS
    assert poststratify(d.w * (d.h != "p"), d.h, H).reason == Reason.SMALL_CELLS
    assert poststratify(d.w * 0, d.h, H).reason == Reason.ZERO_WEIGHTS


def test_a_category_of_total_zero_loses_its_weight():
    found = poststratify([1, 1, 1], ["a", "a", "b"], {"a": 10, "b": 0})

    assert list(found.weights) == [5, 5, 0]


@pytest.mark.parametrize(
    ("totals", "message"),
    [
        ({}, "needs totals"),
        ({"g": G, "h": {"p": 90, "q": 50, "r": 70}}, "same population"),
        ({"g": {"a": 80}}, "category of g"),
        ({"g": {"a": -80, "b": 100}}, "none negative"),
    ],
)
def test_totals_that_cannot_be_are_refused(totals, message):
    d = made()

    with pytest.raises(ValueError, match=message):
        rake(d.w, d[["g", "h"]], totals)


def test_cells_pass_their_weight_to_who_answered():
    found = cell_adjustment([1, 1, 2, 3, 3, 3], [1, 0, 1, 1, 1, 0], list("aaabbb"), minimum=2)

    assert list(found.weights) == pytest.approx([4 / 3, 0, 8 / 3, 4.5, 4.5, 0])
    assert list(found.table["rate"]) == pytest.approx([3 / 4, 2 / 3])
    assert found.factor == pytest.approx(1.5)


def test_a_tiny_cell_joins_the_neighbour_with_the_nearer_response_rate():
    cells = np.repeat(["a", "b", "c"], [10, 4, 10])
    answered = [*[1] * 10, 1, 1, 0, 0, *[1] * 6, *[0] * 4]

    found = cell_adjustment(np.ones(24), answered, cells, minimum=5)

    assert list(found.table["group"]) == [0, 1, 1]
    assert list(found.table["factor"]) == pytest.approx([1, 14 / 8, 14 / 8])
    assert found.weights.sum() == pytest.approx(24)


def test_a_cell_in_which_nobody_answered_is_joined():
    found = cell_adjustment(np.ones(6), [0, 0, 1, 1, 1, 1], list("aabbbb"), minimum=1)

    assert list(found.table["group"]) == [0, 0]
    assert list(found.weights) == pytest.approx([0, 0, 1.5, 1.5, 1.5, 1.5])


def test_cells_that_cannot_be_adjusted_are_reasons():
    ones, cells = np.ones(4), list("aabb")

    assert cell_adjustment(ones, [0] * 4, cells).reason == Reason.NO_EVENTS
    assert cell_adjustment(ones, [1, 0, 0, 0], cells).reason == Reason.SMALL_CELLS
    assert cell_adjustment(ones * 0, [1] * 4, cells).reason == Reason.ZERO_WEIGHTS
    with pytest.raises(ValueError, match="needs its cell"):
        cell_adjustment(ones, [1] * 4, ["a", "a", None, "b"])
    with pytest.raises(ValueError, match="whether it answered"):
        cell_adjustment(ones, [1, 0, 2, 1], cells)


def test_propensity_with_one_group_variable_is_cell_adjustment():
    cells = np.repeat(["a", "b", "c"], 40)
    answered = np.arange(120) % np.repeat([2, 3, 5], 40) > 0
    w = 1 + np.arange(120) % 4

    chance = propensity_adjustment(w, answered, pd.DataFrame({"cell": cells}))
    cell = cell_adjustment(w, answered, cells)

    assert list(chance.weights) == pytest.approx(list(cell.weights), rel=1e-9)


def test_propensity_classes_keep_the_sum_of_weights():
    x = np.linspace(-2, 2, 200)
    answered = (np.arange(200) * 7 % 10) < 3 + 2 * (x + 1)

    found = propensity_adjustment(np.ones(200), answered, pd.DataFrame({"x": x}), classes=5)

    assert found.weights.sum() == pytest.approx(200)
    assert found.table["factor"].nunique() == 5


def test_propensity_factors_are_capped_as_stated():
    x = np.linspace(-3, 3, 200)
    answered = (np.arange(200) * 7 % 10) < 5 + 2 * x

    found = propensity_adjustment(
        np.ones(200), answered, pd.DataFrame({"x": x}), maximum_factor=2.5
    )

    assert found.factor == 2.5
    assert 0 < found.table["capped"].sum() < 200


def test_propensities_that_cannot_be_fitted_are_reasons():
    x = pd.DataFrame({"x": np.arange(10.0)})
    ones = np.ones(10)

    assert propensity_adjustment(ones, x.x > 4, x).reason == Reason.PERFECT_SEPARATION
    assert propensity_adjustment(ones, ones * 0, x).reason == Reason.NO_EVENTS
    assert propensity_adjustment(ones * 0, ones, x).reason == Reason.ZERO_WEIGHTS
    assert list(propensity_adjustment(ones, ones, x).weights) == [1] * 10
    twice = x.assign(again=2 * x.x)
    assert propensity_adjustment(ones, x.x % 2, twice).reason == Reason.NOT_IDENTIFIED
    with pytest.raises(ValueError, match="whoever answered"):
        propensity_adjustment(ones, ones, x.replace(3, np.nan))


def test_trimmed_weights_keep_their_sum():
    found = trim([1] * 9 + [11], limit=5)

    assert list(found.weights) == pytest.approx([15 / 9] * 9 + [5])
    assert found.table.iloc[0].to_dict() == {"trimmed": 1, "cut": 0.3, "limit": 5}


def test_trimming_again_what_the_first_cut_lifts_above_the_limit():
    # Limit 3: the first cut gives the rest 12/6 of its weight, 2.9 with it; so again.
    found = trim([1, 1, 1, 1, 1, 2.9, 7], limit=3)

    assert list(found.weights) == pytest.approx([(14.9 - 6) / 5] * 5 + [3, 3])
    assert (found.steps, found.table["trimmed"][0]) == (2, 2)


def test_trimming_that_leaves_too_little_room_is_a_reason():
    assert trim([1, 1, 100], limit=2).reason == Reason.NOT_CONVERGED
    assert trim([0, 0]).reason == Reason.ZERO_WEIGHTS
    with pytest.raises(ValueError, match="median or mean"):
        trim([1, 2], at="mode")


def test_effective_n_by_hand():
    # (1+1+2)² / (1+1+4)
    assert effective_n([1, 1, 2]).value == pytest.approx(16 / 6)
    assert effective_n([7, 7, 7, 0]).value == pytest.approx(3)
    assert effective_n([0, 0]).reason == Reason.ZERO_WEIGHTS
    with pytest.raises(ValueError, match="not negative"):
        effective_n([1, -1])
