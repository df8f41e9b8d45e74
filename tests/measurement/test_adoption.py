import numpy as np
import pandas as pd
import pytest

from measurement.adoption import adoption_curve, diffusion

NEW = [22, 16, 45, 61, 86, 103, 105, 106, 76, 68, 49, 36, 25, 15, 12]


def test_curve_counts_each_tier_by_the_end_of_each_period():
    units = pd.DataFrame(
        {
            "tier": ["zonal", "centre", "centre", "centre", "centre"],
            "adopted": [1, 1, 2, 2, np.nan],
        }
    )

    found = adoption_curve(units, periods=[0, 1, 2])

    assert found["tier"].tolist() == ["zonal"] * 3 + ["centre"] * 3
    assert found["adopted"].tolist() == [0, 1, 1, 0, 1, 3]
    assert found["n"].tolist() == [1, 1, 1, 4, 4, 4]
    assert found["share"].tolist() == [0, 1, 1, 0, 0.25, 0.75]
    assert (found["low"] <= found["share"]).all()


def test_curve_shows_all_periods_that_occur():
    units = pd.DataFrame({"tier": ["a"] * 3, "adopted": ["2026-02", "2026-01", None]})

    assert adoption_curve(units)["period"].tolist() == ["2026-01", "2026-02"]


@pytest.mark.parametrize(
    ("model", "values", "se"),
    [  # R 4.2.2: nls(y ~ m * (F(t) - F(t - 1)))
        ("bass", [834.1369426, 0.01783868477, 0.4788312336], 23.35166967),
        ("logistic", [865.2124038, 0.4966699291, 6.624075095], 26.63289749),
    ],
)
def test_diffusion_equals_nls(model, values, se):
    found = diffusion(NEW, 1000, model)

    assert list(found.parameters.values()) == pytest.approx(values, rel=1e-5)
    assert (found.ceiling.high - found.ceiling.value) / 2.178812829667 == pytest.approx(
        se, rel=1e-4
    )


@pytest.mark.parametrize("model", ["logistic", "bass"])
def test_diffusion_before_its_peak_is_not_identified(model):
    early = [4, 6, 10, 15, 22, 33, 49, 72, 103]

    assert diffusion(early, 10000, model).ceiling.reason == "not_identified"


@pytest.mark.parametrize(
    ("new", "eligible", "reason"),
    [
        ([0] * 12, 50, "no_events"),
        ([1, 2, 3], 50, "too_few_rows"),
        ([5, 0, 9, 0, 0, 7, 0, 0, 8, 0, 0, 9], 500, "not_identified"),
    ],
)
def test_diffusion_says_why_there_is_no_ceiling(new, eligible, reason):
    found = diffusion(new, eligible)

    assert (found.ceiling.reason, found.parameters) == (reason, {})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: diffusion(NEW, 100), "More have adopted"),
        (lambda: diffusion([-1] * 9, 100), "whole"),
        (lambda: diffusion(NEW, 1000, "gompertz"), "one of logistic"),
        (lambda: adoption_curve(pd.DataFrame({"tier": ["a"]})), "lack these columns: adopted"),
        (
            lambda: adoption_curve(pd.DataFrame({"tier": [None], "adopted": [1]})),
            "needs its tier",
        ),
    ],
)
def test_adoption_refuses_wrong_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
