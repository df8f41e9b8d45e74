import numpy as np
import pandas as pd
import pytest

from measurement.agreement import icc

# Shrout & Fleiss (1979), Psychol. Bull. 86, 420–428, table 2: six targets, four judges.
SHROUT_FLEISS = pd.DataFrame(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
)


@pytest.mark.parametrize(
    ("form", "value", "low", "high"),
    [  # R 4.2.2, psych 2.2.9: ICC(sf, lmer=FALSE)
        ("ICC(1,1)", 0.1657417684055, -0.1329323248748, 0.7225600623281),
        ("ICC(2,1)", 0.2897637795276, 0.01878651337471, 0.761084369649),
        ("ICC(3,1)", 0.7148407148407, 0.3424647650339, 0.9458582599554),
        ("ICC(1,k)", 0.4427971336793, -0.8844421552381, 0.9124154203408),
        ("ICC(2,k)", 0.620050547599, 0.0711368153025, 0.9272320401677),
        ("ICC(3,k)", 0.9093155423771, 0.6756747138163, 0.9858916781691),
    ],
)
def test_icc_equals_published(form, value, low, high):
    found = icc(SHROUT_FLEISS)[form]

    assert found.value == pytest.approx(value, abs=1e-11)
    assert found.low == pytest.approx(low, abs=1e-9)
    assert found.high == pytest.approx(high, abs=1e-9)
    assert found.n == 6


def test_icc_leaves_out_targets_with_a_gap():
    holed = pd.concat([SHROUT_FLEISS, pd.DataFrame([[1, np.nan, 2, 3]])])

    assert icc(holed) == icc(SHROUT_FLEISS)


def test_icc_of_perfect_agreement_is_one_without_interval():
    frame = pd.DataFrame({"a": [1.0, 2, 3, 5], "b": [1.0, 2, 3, 5]})

    assert {
        (found.value, found.low, found.high, found.reason) for found in icc(frame).values()
    } == {(1.0, None, None, "perfect_agreement")}


def test_icc_stays_negative():
    frame = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [4.0, 3, 2, 0]})

    found = icc(frame)

    assert found["ICC(1,1)"].value < -0.5
    assert found["ICC(3,1)"].value < -0.5


def test_icc_without_spread_between_targets_has_no_average_form():
    frame = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [4.0, 3, 2, 1]})

    found = icc(frame)

    assert found["ICC(1,1)"].value == pytest.approx(-1)
    assert found["ICC(1,k)"].reason == "negative_variance"
    assert found["ICC(2,k)"].reason == "negative_variance"


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (SHROUT_FLEISS[[0]], "one_rater"),
        (SHROUT_FLEISS.assign(**{"1": np.nan})[[0, "1"]], "one_rater"),
        (SHROUT_FLEISS.iloc[:2], "too_few_rows"),
        (SHROUT_FLEISS * 0 + 2, "zero_variance"),
        (SHROUT_FLEISS * np.nan, "all_missing"),
        (pd.DataFrame({"a": [1.0, 2, np.nan], "b": [np.nan, np.nan, 2]}), "no_overlap"),
    ],
)
def test_icc_says_why_it_is_insufficient(frame, reason):
    assert {found.reason for found in icc(frame).values()} == {reason}


def test_icc_equals_reference(reference):
    data, expected = reference("icc_shrout_fleiss_1979")
    names = {"ICC1": "ICC(1,1)", "ICC2": "ICC(2,1)", "ICC3": "ICC(3,1)"}
    names |= {"ICC1k": "ICC(1,k)", "ICC2k": "ICC(2,k)", "ICC3k": "ICC(3,k)"}

    found = icc(data.pivot(index="target", columns="rater", values="score"))

    for name, form in names.items():
        assert found[form].value == pytest.approx(expected[name]["icc"], abs=1e-11)
        assert found[form].low == pytest.approx(expected[name]["lower95"], abs=1e-9)
        assert found[form].high == pytest.approx(expected[name]["upper95"], abs=1e-9)
