import numpy as np
import pytest

from measurement.multilevel import profile_intervals


def test_profile_intervals_equal_reference(reference):
    data, expected = reference("lmm_sleepstudy")

    found = profile_intervals(
        data["Reaction"], data[["Days"]], {"Subject": data["Subject"]}, {"Subject": ["Days"]}
    )

    names = {
        "(Intercept)": "(Intercept)",
        "Days": "Days",
        "sd Subject (Intercept)": ".sig01",
        "cor Subject (Intercept) Days": ".sig02",
        "sd Subject Days": ".sig03",
        "sd Residual": ".sigma",
    }
    assert set(found) == set(names)
    for ours, theirs in names.items():
        ends = [found[ours].low, found[ours].high]
        assert ends == pytest.approx(expected["profile_ci_ML"][theirs], abs=1e-3)


def test_profile_of_a_balanced_grouping_has_zero_as_its_end():
    # Rails differ here hardly more than chance: their sd may be zero.
    y = np.array([3.0, 5, 4, 6, 5, 4, 5, 7, 4, 6, 6, 8])

    found = profile_intervals(y, None, {"rail": np.repeat(np.arange(4), 3)})

    assert list(found) == ["(Intercept)", "sd rail (Intercept)", "sd Residual"]
    assert found["sd rail (Intercept)"].low == 0
    assert found["sd rail (Intercept)"].value > 0
    assert found["(Intercept)"].low < y.mean() < found["(Intercept)"].high


def test_profile_of_a_variance_of_zero_has_no_interval():
    y = np.tile([1.0, 2.0, 3.0, 5.0], 6) + np.repeat([0, 0.1, 0, 0.1, 0, 0.1], 4)

    found = profile_intervals(y, None, {"centre": np.repeat(np.arange(6), 4)})

    assert found["sd centre (Intercept)"].value == 0
    assert found["sd centre (Intercept)"].reason == "at_boundary"
    assert found["sd Residual"].sufficient


def test_profile_says_why_it_is_insufficient():
    found = profile_intervals([1.0, 1, 1, 1], None, {"centre": [1, 1, 2, 2]})

    assert found["(Intercept)"].reason == "zero_variance"
