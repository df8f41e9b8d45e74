import numpy as np
import pandas as pd
import pytest
from scipy import stats

from measurement.evaluation.did import bacon, event_study, two_by_two, two_way


def panel(effect=3.0, units=24, periods=4, start=2, seed=4):
    rng = np.random.default_rng(seed)
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    arm = (unit % 2).astype(float)
    y = rng.normal(size=units)[unit] + 0.5 * period + rng.normal(size=len(unit))
    return pd.DataFrame(
        {
            "unit": unit,
            "period": period,
            "arm": arm,
            "first": np.where(arm == 1, float(start), np.nan),
            "late": (period >= start).astype(float),
            "now": arm * (period >= start),
            "y": y + effect * arm * (period >= start),
        }
    )


def test_two_by_two_is_the_difference_of_four_means():
    data = panel()
    means = data.groupby(["arm", "late"])["y"].mean().unstack()

    found = two_by_two(data, "y", "arm", "late", "unit").effect

    changes = means[1.0] - means[0.0]
    assert found.value == pytest.approx(changes[1.0] - changes[0.0])
    assert (found.n, found.clusters) == (96, 24)


def test_two_by_two_of_a_balanced_panel_equals_the_t_test_of_changes():
    data = panel()
    change = data.pivot_table(index=["unit", "arm"], columns="late", values="y").diff(axis=1)[1.0]
    groups = [change.xs(arm, level="arm") for arm in (1.0, 0.0)]
    t = stats.ttest_ind(*groups)

    found = two_by_two(data, "y", "arm", "late", "unit")

    assert found.p == pytest.approx(t.pvalue, rel=1e-9)


def test_two_way_of_one_start_equals_two_by_two():
    data = panel()

    found = two_way(data, "y", "unit", "period", "now").effect

    plain = two_by_two(data, "y", "arm", "late", "unit").effect
    assert found.value == pytest.approx(plain.value)


def test_two_way_equals_club_sandwich(reference):
    data, expected = reference("did_twfe_mortality")

    found = two_way(data, "mrate", "state", "year", "legal", covariates=["beertaxa"])

    assert found.effect.value == pytest.approx(expected["coef"]["legal"], abs=1e-9)
    assert found.p == pytest.approx(expected["CR2_p"][0], abs=1e-9)


def test_event_study_of_two_groups_is_differences_of_means():
    data = panel(periods=5, start=3)
    gap = data.pivot_table(index="period", columns="arm", values="y").diff(axis=1)[1.0]

    found = event_study(data, "y", "unit", "period", "first")

    effects = found.effects.set_index("event")["estimate"]
    assert effects.index.tolist() == [-3, -2, 0, 1]
    assert effects.tolist() == pytest.approx((gap - gap[2])[[0, 1, 3, 4]].tolist())
    assert found.pre_trend.df1 == 2


def test_event_study_sees_a_trend_before_the_start():
    data = panel(periods=6, start=4).assign(
        y=lambda frame: frame["y"] + 2 * frame["arm"] * frame["period"]
    )

    assert event_study(data, "y", "unit", "period", "first").pre_trend.p < 0.001


def test_event_study_without_never_treated_leaves_the_earliest_lead_out():
    data = panel(periods=5).assign(first=lambda frame: np.where(frame["arm"] == 1, 2.0, 3.0))

    found = event_study(data, "y", "unit", "period", "first")

    assert found.effects["event"].tolist() == [-2, 0, 1, 2]
    assert found.effects["estimate"].notna().all()


def test_bacon_adds_up_to_two_way():
    data = panel(units=40, periods=6)
    start = np.array([2.0, 4.0, np.nan, 0.0])[data["unit"] % 4]
    data = data.assign(first=start, now=(data["period"] >= start).astype(float))

    found = bacon(data, "y", "unit", "period", "first")

    assert found["weight"].sum() == pytest.approx(1)
    assert (found["weight"] * found["estimate"]).sum() == pytest.approx(
        two_way(data, "y", "unit", "period", "now").effect.value, abs=1e-10
    )
    assert set(found["kind"]) == {"never", "later", "earlier"}


def test_bacon_shows_how_growing_effects_mislead():
    # No noise, effects grow by 1 each period: every fair comparison is positive.
    unit, period = np.repeat(np.arange(4), 5), np.tile(np.arange(5), 4)
    first = np.where(unit < 2, 1.0, 3.0)
    data = pd.DataFrame({"unit": unit, "period": period, "first": first})
    data["y"] = np.where(period >= first, period - first + 1, 0.0)

    found = bacon(data, "y", "unit", "period", "first").set_index("kind")["estimate"]

    assert found["later"] == pytest.approx(1.5)
    assert found["earlier"] == pytest.approx(-0.5)


def test_bacon_needs_every_unit_in_every_period():
    assert bacon(panel().iloc[1:], "y", "unit", "period", "first") is None


def test_bacon_without_a_start_is_nothing():
    assert bacon(panel().assign(first=np.nan), "y", "unit", "period", "first") is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"late": 0.0, "period": 1}, "one_period"),
        ({"arm": 1.0, "now": 0.0, "first": np.nan}, "one_group"),
        ({"y": np.nan}, "all_missing"),
        ({"unit": 1}, "too_few_clusters"),
    ],
)
def test_differences_say_why_they_are_insufficient(change, reason):
    data = panel().assign(**change)

    assert two_by_two(data, "y", "arm", "late", "unit").effect.reason == reason
    assert two_way(data, "y", "unit", "period", "now").effect.reason == reason
    assert event_study(data, "y", "unit", "period", "first").reason == reason


def test_two_by_two_refuses_other_arms():
    with pytest.raises(ValueError, match="arm must hold 0 or 1"):
        two_by_two(panel().assign(arm=2), "y", "arm", "late", "unit")


def test_two_way_refuses_a_missing_column():
    with pytest.raises(ValueError, match="lack these columns: dose"):
        two_way(panel(), "y", "unit", "period", "dose")
