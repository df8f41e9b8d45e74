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
