"""Attitude data: Chatterjee & Price (1977), R's datasets::attitude; values from R psych 2.2.9."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from measurement.reliability import cronbach_alpha, item_figures

ATTITUDE = pd.read_csv(Path(__file__).parent / "attitude.csv")


def test_alpha_equals_published():
    found = cronbach_alpha(ATTITUDE).estimate

    assert found.value == pytest.approx(0.8431427695648, abs=1e-12)
    assert found.low == pytest.approx(0.7393756856431, abs=1e-12)
    assert found.high == pytest.approx(0.91577307216, abs=1e-10)
    assert found.n == 30


def test_item_table_equals_published():
    found = cronbach_alpha(ATTITUDE).items

    expected = pd.DataFrame(
        {
            "rating": (0.6712620572237, 0.8097602063089),
            "complaints": (0.7421097102222, 0.7969174572741),
            "privileges": (0.5607111114803, 0.8278477659387),
            "learning": (0.7144454981337, 0.8030309750226),
            "raises": (0.7862755938344, 0.7953865741982),
            "critical": (0.2650343391967, 0.8638723114464),
            "advance": (0.4608105494685, 0.8404648682655),
        },
        index=["item_rest", "alpha_if_dropped"],
    ).T
    pd.testing.assert_frame_equal(found[list(expected.columns)], expected, rtol=0, atol=1e-11)


def test_alpha_of_teach_counts_every_complete_row(shared_data):
    raw = pd.read_csv(shared_data / "teach_peru.csv", header=None, skiprows=3, dtype=str)
    names = pd.read_csv(shared_data / "teach_peru.csv", header=None, nrows=2, dtype=str).iloc[1]
    elements = raw.loc[:, names.fillna("").str.match(r"\d\. ").to_numpy()].astype(float)

    found = cronbach_alpha(elements)

    assert (found.k, found.n_total, found.n_complete) == (9, 362, 352)
    assert int(raw.duplicated().sum()) == 1
    assert found.estimate.value == pytest.approx(0.7544, abs=5e-5)
    # Without the row that is there twice:
    once = cronbach_alpha(elements[~raw.duplicated()])
    assert once.n_complete == 351
    assert once.estimate.value == pytest.approx(0.7518, abs=5e-5)


def test_alpha_leaves_out_incomplete_rows():
    holed = pd.concat([ATTITUDE, ATTITUDE.assign(rating=np.nan)])

    found = cronbach_alpha(holed)

    assert (found.n_complete, found.n_total, found.missing) == (30, 60, "listwise")
    assert found.estimate.value == cronbach_alpha(ATTITUDE).estimate.value


def test_what_stands_beside_alpha_equals_published():
    found = cronbach_alpha(ATTITUDE)

    assert found.standardised.value == pytest.approx(0.8390838030295, abs=1e-12)
    assert found.lambda6.value == pytest.approx(0.8752151373603, abs=1e-12)
    assert found.average_r.value == pytest.approx(0.4269066426497, abs=1e-12)
    assert found.ase == pytest.approx(0.04243569559057, abs=1e-13)
    assert found.large_sample.low == pytest.approx(0.7599688062072, abs=1e-12)
    assert found.large_sample.high == pytest.approx(0.9263167329223, abs=1e-12)


def test_alpha_equals_reference(reference):
    data, expected = reference("alpha_attitude")

    found = cronbach_alpha(data)

    assert found.estimate.value == pytest.approx(expected["raw_alpha"], abs=1e-12)
    for column, name in (
        ("alpha_if_dropped", "alpha_if_dropped"),
        ("item_rest", "item_rest_r"),
        ("item_total", "item_total_r"),
        ("r_cor", "r_cor"),
    ):
        assert found.items[column].to_dict() == pytest.approx(expected[name], abs=1e-12)


# The same with gaps, and R psych 2.2.9 with its covariances of pairs.
HOLED = ATTITUDE.astype(float).mask(
    pd.DataFrame(
        [[(3 * row + 5 * column) % 11 == 0 for column in range(7)] for row in range(30)],
        columns=ATTITUDE.columns,
    )
)


def test_alpha_of_pairs_equals_published():
    found = cronbach_alpha(HOLED, missing="pairwise")

    assert found.estimate.value == pytest.approx(0.85812964961455, abs=1e-12)
    assert found.standardised.value == pytest.approx(0.85591764314589, abs=1e-12)
    assert found.lambda6.value == pytest.approx(0.94694091959930, abs=1e-12)
    assert found.ase == pytest.approx(0.03859613934011, abs=1e-12)
    dropped = [
        *(0.819501489237, 0.809546568613, 0.858381271521, 0.827918703671),
        *(0.807283238676, 0.878227725370, 0.852332029408),
    ]
    r_cor = [
        *(0.833299604886, 0.876049205782, 0.569199235761, 0.732955832162),
        *(0.918393444112, 0.427921553308, 0.630784432946),
    ]
    assert found.items["alpha_if_dropped"].tolist() == pytest.approx(dropped, abs=1e-11)
    assert found.items["r_cor"].tolist() == pytest.approx(r_cor, abs=1e-11)
    assert (found.missing, found.estimate.n, found.n_complete) == ("pairwise", 30, 11)
    assert found.pairs.loc["rating", "raises"] == 25


def test_alpha_of_pairs_without_gaps_is_alpha_of_rows():
    pairs, rows = cronbach_alpha(ATTITUDE, missing="pairwise"), cronbach_alpha(ATTITUDE)

    assert pairs.estimate.value == pytest.approx(rows.estimate.value, abs=1e-13)
    pd.testing.assert_frame_equal(pairs.items, rows.items)
    assert pairs.estimate.low < pairs.estimate.value < pairs.estimate.high


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (
            {"a": [1, 2, 3] + [np.nan] * 3, "b": [np.nan] * 3 + [1, 2, 3], "c": [1] * 6},
            "no_overlap",
        ),
        ({"a": [1.0, 2, 3, 4], "b": [4.0, 3, 2, 1], "c": [0, 0, 0, 0]}, "zero_variance"),
        ({"a": [np.nan] * 4, "b": [np.nan] * 4}, "all_missing"),
        (
            {  # each pair pulls apart, over its own rows
                "a": [0, 9, 0, 9, 0, 9, 0, 9, *[np.nan] * 4],
                "b": [9, 0, 9, 0, *[np.nan] * 4, 0, 9, 0, 9],
                "c": [*[np.nan] * 4, 9, 0, 9, 0, 9, 0, 9, 0],
            },
            "not_positive_definite",
        ),
    ],
)
def test_alpha_of_pairs_says_why_it_is_insufficient(frame, reason):
    found = cronbach_alpha(pd.DataFrame(frame, dtype=float), missing="pairwise")

    assert found.estimate.reason == reason


def test_alpha_of_pairs_at_odds_has_no_large_sample_error():
    frame = {"a": [0, 9, 0, 9, 0, 9], "b": [9, 0, 9, 0, np.nan, np.nan], "c": [9, 0, 9, 0, 9, 0]}

    found = cronbach_alpha(pd.DataFrame(frame, dtype=float), missing="pairwise")

    assert found.estimate.value == pytest.approx(-2.7)
    assert (found.estimate.low, found.estimate.reason) == (None, "clusters_alike")
    assert (found.ase, found.large_sample.reason) == (None, "not_positive_definite")


def test_alpha_of_items_that_are_one_has_no_interval():
    same = pd.DataFrame({name: [1.0, 2, 2, 5] for name in "abc"})

    found = cronbach_alpha(same)

    assert (found.estimate.value, found.estimate.low) == (1.0, None)
    assert found.estimate.reason == found.large_sample.reason == "perfect_agreement"
    assert found.lambda6.reason == "not_positive_definite"
    assert found.items["r_cor"].isna().all()


def test_item_that_does_not_vary_leaves_no_standardised_alpha():
    found = cronbach_alpha(ATTITUDE.assign(same=3.0))

    assert found.standardised.reason == found.lambda6.reason == "zero_variance"


def test_alpha_refuses_an_unknown_rule_for_gaps():
    with pytest.raises(ValueError, match="listwise or pairwise"):
        cronbach_alpha(ATTITUDE, missing="mean")


def test_alpha_may_be_negative():
    frame = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [4.0, 3, 2, 2]})

    found = cronbach_alpha(frame).estimate

    assert found.value < -1
    assert found.low < found.value < found.high


def test_item_figures_equal_published_means():
    long = ATTITUDE.melt(var_name="item")
    items = pd.DataFrame({"item": ATTITUDE.columns, "minimum": 0, "maximum": 100})

    found = item_figures(long, items)

    assert found["mean"].tolist() == pytest.approx(
        [
            *(64.633333333333, 66.6, 53.133333333333, 56.366666666667),
            *(64.633333333333, 74.766666666667, 42.933333333333),
        ],
        abs=1e-11,
    )
    assert set(found["n"]) == {30}


def test_item_figures_take_every_rating_and_the_ends_of_its_own_scale():
    ratings = pd.DataFrame(
        [("a", 0.0), ("a", 0), ("a", 3), ("a", np.nan), ("b", 1), ("b", 2), ("b", 2), ("c", 5)],
        columns=["item", "value"],
    )
    items = pd.DataFrame(
        [("a", 0, 3), ("b", 1, 2), ("c", None, None), ("d", 0, 3)],
        columns=["item", "minimum", "maximum"],
    )

    found = item_figures(ratings, items)

    assert found["n"].to_dict() == {"a": 3, "b": 3, "c": 1, "d": 0}
    assert found.loc["a", ["mean", "sd"]].tolist() == pytest.approx([1, 3**0.5])
    assert found["floor"].tolist() == pytest.approx([2 / 3, 1 / 3, np.nan, np.nan], nan_ok=True)
    assert found["ceiling"].tolist() == pytest.approx([1 / 3, 2 / 3, np.nan, np.nan], nan_ok=True)


def test_item_that_does_not_vary_has_no_correlation():
    found = cronbach_alpha(ATTITUDE.assign(same=3.0))

    assert found.estimate.sufficient
    assert np.isnan(found.items.loc["same", "item_rest"])


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (ATTITUDE[["rating"]], "too_few_items"),
        (ATTITUDE.iloc[:2], "too_few_rows"),
        (ATTITUDE.iloc[:0], "too_few_rows"),
        (ATTITUDE * np.nan, "all_missing"),
        (ATTITUDE * 0 + 0.1, "zero_variance"),
        (pd.DataFrame({"a": [1.0, 2, 3], "b": [3.0, 2, 1]}), "zero_variance"),
    ],
)
def test_alpha_says_why_it_is_insufficient(frame, reason):
    found = cronbach_alpha(frame)

    assert found.estimate.reason == reason
    assert found.items.empty


@pytest.mark.parametrize("wrong", ["H", np.inf])
def test_alpha_refuses_what_is_not_a_number(wrong):
    with pytest.raises(ValueError, match="numbers"):
        cronbach_alpha(pd.DataFrame({"a": [wrong, 1, 2], "b": [1, 2, 3]}))
