import numpy as np
import pandas as pd
import pytest

from measurement.evaluation.dose import dose_response
from measurement.evaluation.robust import fit


def rooms(effect=2.0, n=600, seed=3):
    rng = np.random.default_rng(seed)
    centre = np.arange(n) // 6
    true = 50 + 8 * rng.normal(size=n) + 4 * rng.normal(size=n // 6)[centre]
    first = true + 6 * rng.normal(size=n)
    dose = rng.integers(0, 6, n).astype(float)
    last = true + effect * dose + 6 * rng.normal(size=n) + 3 * rng.normal(size=n // 6)[centre]
    return pd.DataFrame({"first": first, "last": last, "dose": dose, "centre": centre})


def test_slope_is_that_of_the_clustered_regression():
    data = rooms()
    expected = fit(data["last"], data[["dose", "first"]], data["centre"])

    found = dose_response(data, "last", "dose", "centre", baseline="first")

    assert found.slope.value == pytest.approx(expected.estimate("dose").value)
    assert found.p == expected.coefficients.set_index("name")["p"]["dose"]
    assert found.slope.low < 2 < found.slope.high


def test_groups_compare_at_equal_baseline():
    data = rooms()

    table = dose_response(data, "last", "dose", "centre", baseline="first").groups

    assert table["group"].tolist() == ["0", "1-2", "3+"]
    assert table["n"].sum() == 600
    assert table["difference"].iloc[1:].tolist() == pytest.approx(
        (table["mean"] - table["mean"].iloc[0]).iloc[1:].tolist()
    )
    assert np.isnan(table["difference"].iloc[0])
    assert table["difference"].iloc[2] > table["difference_low"].iloc[2] > 4


def test_groups_without_baseline_are_plain_means():
    data = rooms()

    table = dose_response(
        data, "last", "dose", "centre", groups={"none": (0, 0), "some": (1, None)}
    ).groups

    some = data["dose"] > 0
    assert table["mean"].tolist() == pytest.approx(
        [data.loc[~some, "last"].mean(), data.loc[some, "last"].mean()]
    )


def test_bend_is_seen():
    data = rooms()
    bent = data.assign(last=data["last"] - 1.5 * (data["dose"] - 2.5) ** 2)

    straight, curved = (
        dose_response(frame, "last", "dose", "centre", baseline="first") for frame in (data, bent)
    )

    assert straight.curvature_p > 0.05 > curved.curvature_p


def test_two_doses_have_no_bend():
    data = rooms().assign(dose=lambda frame: (frame["dose"] > 2).astype(float))

    assert np.isnan(dose_response(data, "last", "dose", "centre").curvature_p)


@pytest.mark.parametrize(
    ("change", "given", "reason"),
    [
        ({"last": np.nan}, {}, "all_missing"),
        ({"dose": 2.0}, {}, "one_group"),
        ({"last": 2.0}, {}, "zero_variance"),
        ({"centre": 1}, {}, "too_few_clusters"),
        ({}, {"baseline": "first", "reliability": 0.01}, "not_identified"),
    ],
)
def test_dose_says_why_it_is_insufficient(change, given, reason):
    data = rooms().assign(**change)
    data["first"] += data["dose"]

    found = dose_response(data, "last", "dose", "centre", **given)

    assert (found.slope.reason, len(found.groups)) == (reason, 0)


def test_dose_refuses_a_missing_column():
    with pytest.raises(ValueError, match="lack these columns: minutes"):
        dose_response(rooms(), "last", "minutes", "centre")
