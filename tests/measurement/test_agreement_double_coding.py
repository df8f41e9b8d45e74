from itertools import pairwise

import pandas as pd
import pytest

from measurement.agreement import double_coding, icc, icc_incomplete, side_by_side
from measurement.estimates import Reason
from measurement.indicators import cluster_mean
from measurement.scoring import ALL

# Shrout & Fleiss (1979), Psychol. Bull. 86, 420–428, table 2: six targets, four judges.
TABLE = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def coded(table, pairs):
    """Each target coded by pairs of judges in one cycle and one item; the score is its value."""
    rows = [
        {
            "pair": f"{target} {a}{b}",
            "occasion": str(target),
            "cycle": 1,
            "item": "X",
            "domain": "D",
            "first": values[a],
            "second": values[b],
            "first_observer": a,
            "second_observer": b,
        }
        for target, values in enumerate(table)
        for a, b in pairs(target)
    ]
    ratings = pd.DataFrame(rows)
    told = {
        (row["occasion"], who, value)
        for row in rows
        for who, value in (
            (row["first_observer"], row["first"]),
            (row["second_observer"], row["second"]),
        )
    }
    scores = pd.DataFrame(sorted(told), columns=["occasion", "observer", "score"])
    both = [scores.assign(domain=domain) for domain in ("D", ALL)]
    return ratings, pd.concat(both, ignore_index=True)


def test_table_of_shrout_and_fleiss():
    ratings, scores = coded(TABLE, lambda _target: pairwise(range(4)))

    found = double_coding(ratings, scores)

    for row in found["domains"]:
        assert row["icc"].value == pytest.approx(0.17, abs=0.005)
        assert row["absolute"].value == pytest.approx(0.29, abs=0.005)
        assert row["consistency"].value == pytest.approx(0.71, abs=0.005)
    assert [row["name"] for row in found["domains"]] == ["D", ALL]
    assert found["items"][0]["icc"].value == pytest.approx(0.1657417684055)


def test_changing_pairs_go_to_the_mixed_model():
    table = TABLE * 4
    ratings, scores = coded(table, lambda target: [(target % 4, (target + 1) % 4)])

    (_domain, whole) = double_coding(ratings, scores)["domains"]

    own = scores[scores["domain"] == ALL].set_axis(["target", "rater", "score", "d"], axis=1)
    expected = icc_incomplete(own[["target", "rater", "score"]])
    assert whole["absolute"] == expected["ICC(A,1)"]
    assert whole["consistency"] == expected["ICC(C,1)"]
    # Each one's two values, whoever gave them: the one-way form does not ask which is which.
    sides = pd.DataFrame({"a": ratings["first"], "b": ratings["second"]})
    assert whole["icc"].value == pytest.approx(icc(sides)["ICC(1,1)"].value)


def test_figures_of_pairs_are_those_of_side_by_side():
    ratings, scores = coded(TABLE * 3, lambda _target: [(0, 3)])

    found = double_coding(ratings, scores)

    expected = side_by_side(ratings["first"], ratings["second"], ratings["pair"])
    for row in (*found["items"], *found["domains"]):
        assert {name: row[name] for name in expected} == expected
        assert row["pairs"] == 18
    first, last = found["observers"]
    bias = cluster_mean(ratings["first"] - ratings["second"], ratings["pair"])
    assert first["bias"] == bias
    assert last["bias"].value == pytest.approx(-bias.value)
    assert first["exact"] == expected["exact"]
    assert (first["name"], last["name"]) == (0, 3)


def test_value_that_one_did_not_give_is_left_out():
    ratings, scores = coded(TABLE * 3, lambda _target: [(0, 3)])
    ratings = ratings.astype({"second": float})
    ratings.loc[0, "second"] = None

    (row,) = double_coding(ratings, scores)["items"]
    assert (row["exact"].n, row["pairs"], row["icc"].n) == (17, 17, 17)


def test_few_pairs_have_values_without_intervals():
    ratings, scores = coded(TABLE[:2], lambda _target: [(0, 3)])

    found = double_coding(ratings, scores)

    (row,) = found["items"]
    assert (row["exact"].value, row["exact"].reason) == (0, Reason.FEW_CLUSTERS)
    assert (row["kappa"].value, row["kappa"].reason) == (None, Reason.TOO_FEW_ROWS)
    assert row["icc"].reason == Reason.TOO_FEW_ROWS
    bias = found["observers"][0]["bias"]
    assert (bias.value, bias.low, bias.n, bias.clusters) == (2.5, None, 2, 2)


def test_item_that_nobody_scored_twice_has_no_overlap():
    ratings, scores = coded(TABLE, lambda _target: [(0, 3)])
    ratings = ratings.astype({"second": float}).assign(second=float("nan"))

    found = double_coding(ratings, scores.iloc[:0])

    for row in (*found["items"], *found["domains"], *found["observers"]):
        assert {row[name].reason for name in ("exact", "icc")} == {Reason.NO_OVERLAP}
