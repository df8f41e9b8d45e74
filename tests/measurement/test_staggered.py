import numpy as np
import pandas as pd
import pytest

from measurement.evaluation.staggered import att

# Nine centres, four periods, starts in 1, 2 and never; y is a trend plus an effect that grows.
STARTS = {**dict.fromkeys("abc", 1.0), **dict.fromkeys("de", 2.0), **dict.fromkeys("fghi", np.nan)}


def worked():
    """True effects 2, 3, 4 from start to start + 2; the trend is the period, levels differ."""
    rows = [
        (centre, period, start, 10 * i + period + (2 + period - start if period >= start else 0))
        for i, (centre, start) in enumerate(STARTS.items())
        for period in range(4)
    ]
    return pd.DataFrame(rows, columns=["centre", "period", "first", "y"])


def noisy(seed=6, zones=12):
    rng = np.random.default_rng(seed)
    parts = [worked().assign(zone=zone) for zone in range(zones)]
    data = pd.concat(parts, ignore_index=True)
    data["centre"] += data["zone"].astype(str)
    data["size"] = data["centre"].map({c: rng.normal() for c in data["centre"].unique()})
    data["y"] += 0.4 * data["size"] * data["period"] + rng.normal(size=len(data))
    return data


@pytest.mark.parametrize("control", ["never", "not_yet"])
def test_effects_without_noise_are_found_exactly(control):
    found = att(worked(), "y", "centre", "period", "first", control=control)

    cells = found.cells.set_index(["cohort", "period"])["estimate"].to_dict()
    assert cells == pytest.approx(
        {(1, 1): 2, (1, 2): 3, (1, 3): 4, (2, 1): 0, (2, 2): 2, (2, 3): 3}
    )


def test_aggregates_weigh_cohorts_by_size():
    found = att(worked(), "y", "centre", "period", "first")

    events = found.by_event.set_index("event")["estimate"].to_dict()
    cohorts = found.by_cohort.set_index("cohort")["estimate"].to_dict()
    assert events == pytest.approx({-1: 0, 0: 2, 1: 3, 2: 4})
    assert cohorts == pytest.approx({1: 3, 2: 2.5})
    assert found.overall.value == pytest.approx((3 * (2 + 3 + 4) + 2 * (2 + 3)) / (3 * 3 + 2 * 2))


def test_two_groups_of_one_cell_equal_the_change_in_means():
    rng = np.random.default_rng(2)
    data = worked().query("period < 2 and centre not in ['d', 'e']")
    data = data.assign(y=rng.normal(size=len(data)))
    change = data.pivot(index="centre", columns="period", values="y").diff(axis=1)[1]
    own, others = change.loc[list("abc")], change.loc[list("fghi")]
    variance = own.var(ddof=0) / 3 + others.var(ddof=0) / 4

    found = att(data, "y", "centre", "period", "first").cells.iloc[0]

    assert found["estimate"] == pytest.approx(own.mean() - others.mean())
    assert found["se"] == pytest.approx(np.sqrt(7 / 6 * variance))


def test_growing_effects_do_not_mislead_as_two_way_would():
    # All start sometime: the doubtful comparisons of Goodman-Bacon are never made.
    data = worked().query("centre in ['a', 'b', 'c', 'd', 'e']")

    found = att(data, "y", "centre", "period", "first")

    assert found.cells.query("event >= 0")["estimate"].tolist() == pytest.approx([2])
    assert set(found.left_out["reason"]) == {"one_group"}


def test_covariate_takes_out_what_controls_lack():
    plain = att(noisy(), "y", "centre", "period", "first").overall
    adjusted = att(noisy(), "y", "centre", "period", "first", covariates=["size"]).overall

    assert adjusted.value == pytest.approx(37 / 13, abs=0.35)
    assert adjusted.high - adjusted.low < plain.high - plain.low


def test_bands_hold_together_and_are_wider():
    found = att(
        noisy(), "y", "centre", "period", "first", cluster="zone", rng=np.random.default_rng(1)
    )

    events = found.by_event
    assert (events["band_high"] - events["high"] > 0).all()
    assert found.overall.clusters == 12
    assert found.pre_trend.df1 == 1


def test_units_treated_from_the_first_period_are_left_out():
    data = worked().assign(first=lambda frame: frame["first"].replace(1.0, 0.0))

    found = att(data, "y", "centre", "period", "first")

    assert found.flow["rows"].tolist() == [9, 9, 6]
    assert set(found.cells["cohort"]) == {2}


def test_a_unit_that_misses_a_period_counts_where_it_was_seen():
    data = noisy()
    holed = data[~((data["centre"] == "a0") & (data["period"] == 3))]

    cells = att(holed, "y", "centre", "period", "first").cells

    assert cells.query("cohort == 1")["n_treated"].tolist() == [36, 36, 35]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"first": np.nan}, "one_group"),
        ({"first": 1.0}, "one_group"),
        ({"y": np.nan}, "all_missing"),
        ({"zone": 1}, "too_few_clusters"),
    ],
)
def test_staggered_says_why_it_is_insufficient(change, reason):
    data = worked().assign(zone=lambda frame: frame["centre"]).assign(**change)

    found = att(data, "y", "centre", "period", "first", cluster="zone")

    assert (found.overall.reason, len(found.cells)) == (reason, 0)


def test_staggered_of_one_period_is_insufficient():
    found = att(worked().query("period == 2"), "y", "centre", "period", "first")

    assert found.overall.reason == "one_period"


def test_effect_without_any_noise_has_no_interval():
    found = att(worked(), "y", "centre", "period", "first", control="never")

    assert found.cells["se"].max() < 1e-12
    assert found.pre_trend is None


@pytest.mark.parametrize(
    ("change", "given", "message"),
    [
        ({}, {"control": "all"}, "one of never"),
        ({"period": 1}, {}, "one row for each unit"),
        ({"first": np.arange(36)}, {}, "one start"),
        ({"zone": np.arange(36)}, {"cluster": "zone"}, "one cluster"),
        ({}, {"covariates": ["age"]}, "lack these columns: age"),
    ],
)
def test_staggered_refuses_wrong_input(change, given, message):
    with pytest.raises(ValueError, match=message):
        att(worked().assign(**change), "y", "centre", "period", "first", **given)
