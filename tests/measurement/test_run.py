from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from measurement.evaluation.experiment import cluster_trial
from measurement.evaluation.plan import Plan
from measurement.evaluation.run import evaluate
from measurement.evaluation.staggered import att

PLAN = Plan(
    question="Does mentoring move warmth and language?",
    design="cluster_trial",
    primary=("warmth", "language"),
    secondary=("findings",),
    unit="room",
    cluster="centre",
    seed=7,
    arm="arm",
    treatment="mentored",
    baselines={"warmth": "warmth_before"},
    lower_is_better=("findings",),
    equivalence={"language": 8.0},
)


def rooms(warmth=9.0, centres=40, size=5, seed=2):
    rng = np.random.default_rng(seed)
    centre = np.repeat(np.arange(centres), size)
    side = (centre % 2).astype(float)
    before = 50 + 8 * rng.normal(size=len(centre))
    own = 2 * rng.normal(size=centres)[centre]
    return pd.DataFrame(
        {
            "room": np.arange(len(centre)),
            "centre": centre,
            "arm": np.where(side == 1, "mentored", "as before"),
            "dose": side * rng.integers(1, 5, len(centre)),
            "warmth_before": before,
            "warmth": before * 0.5 + warmth * side + own + 5 * rng.normal(size=len(centre)),
            "language": 40 + own + 5 * rng.normal(size=len(centre)),
            "findings": 9 - 4 * side + rng.normal(size=len(centre)),
        }
    )


def waves(seed=3, centres=30):
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame(
        {"centre": np.repeat(np.arange(centres), 4), "wave": np.tile(np.arange(4), centres)}
    )
    rows["room"], rows["start"] = rows["centre"], np.where(rows["centre"] % 2, 2.0, np.nan)
    rows["late"] = (rows["wave"] >= 2).astype(float)
    rows["ever"] = rows["centre"] % 2.0
    rows["now"] = rows["ever"] * rows["late"]
    rows["warmth"] = 40 + rows["wave"] + 6 * rows["now"] + rng.normal(size=len(rows))
    return rows


def test_trial_runs_as_the_plan_says():
    data = rooms()
    alone = cluster_trial(
        data, "warmth", "arm", "centre", baseline="warmth_before", treatment="mentored"
    )

    found = evaluate(PLAN, data)

    assert found.plan_sha256 == PLAN.sha256()
    assert found.table["outcome"].tolist() == ["warmth", "language", "findings"]
    assert found.table["verdict"].tolist() == ["gain", "none", "gain"]
    assert found.findings[0].estimate == alone.difference
    assert found.findings[0].p_adjusted == pytest.approx(2 * alone.p)
    assert found.findings[2].estimate.value < 0
    assert len(found.not_computed) == 0


def test_null_result_within_the_bound_is_equivalent():
    found = evaluate(PLAN, rooms()).findings[1]

    assert (found.verdict, found.equivalent) == ("none", True)


def test_same_plan_and_data_give_the_same_numbers():
    first, again = evaluate(PLAN, rooms()), evaluate(PLAN, rooms())

    pd.testing.assert_frame_equal(first.table, again.table)
    assert first.findings[0].randomisation_p == again.findings[0].randomisation_p


def test_fall_is_a_loss_where_higher_is_better():
    found = evaluate(replace(PLAN, lower_is_better=()), rooms())

    assert found.findings[2].verdict == "loss"


def test_westfall_young_adjusts_all_primary_outcomes_together():
    plan = replace(PLAN, multiplicity="westfall_young", secondary=(), lower_is_better=())

    found = evaluate(plan, rooms())

    assert found.findings[0].p_adjusted == pytest.approx(1 / 2001)
    assert found.findings[1].p_adjusted > 0.05


def test_missing_column_is_named_and_the_rest_computed():
    found = evaluate(PLAN, rooms().drop(columns=["warmth_before"]))

    assert found.table["verdict"].tolist() == ["insufficient", "none", "gain"]
    assert found.not_computed.to_numpy().tolist() == [
        ["warmth", "estimate", "not_recorded", "warmth_before"]
    ]
    assert found.findings[1].p_adjusted == found.findings[1].p


@pytest.mark.parametrize(
    ("change", "plan", "reason"),
    [
        ({"arm": "mentored"}, PLAN, "one_group"),
        ({"warmth": np.nan}, PLAN, "all_missing"),
        ({}, replace(PLAN, minimum_n=500), "too_few_rows"),
        ({}, replace(PLAN, minimum_clusters=50), "too_few_clusters"),
        ({"dose": 0.0}, replace(PLAN, design="dose", dose="dose"), "one_group"),
        (
            {"wave": 1},
            replace(PLAN, design="did", period="wave", arm="wave", treatment=None, baselines={}),
            "one_period",
        ),
        (
            {"start": np.nan, "wave": 1},
            replace(PLAN, design="staggered", period="wave", start="start", baselines={}),
            "one_period",
        ),
    ],
)
def test_plan_says_what_cannot_be_computed_and_why(change, plan, reason):
    found = evaluate(plan, rooms().assign(**change))

    first = found.not_computed.iloc[0]
    assert (first["outcome"], first["reason"]) == ("warmth", reason)
    assert found.findings[0].verdict == "insufficient"
    assert np.isnan(found.findings[0].p_adjusted)


def test_flow_and_tables_ride_along():
    data = rooms()
    data.loc[:9, "warmth"] = np.nan

    found = evaluate(PLAN, data).findings[0]

    assert found.flow["rows"].tolist() == [200, 190, 190]
    assert found.tables["attrition"]["overall"].tolist() == [0.05, 0.05]
    assert found.tables["balance"]["name"].tolist() == ["warmth_before"]


def test_matched_design_compares_pairs_of_centres():
    data = rooms(centres=60)
    data["size"] = np.random.default_rng(1).normal(size=60)[data["centre"]]
    plan = replace(PLAN, design="matched", covariates=("size",), primary=("warmth",),
                   equivalence={})  # fmt: skip

    found = evaluate(plan, data).findings[0]

    assert found.verdict == "gain"
    assert found.flow["step"].iloc[1] == "in a matched pair"
    assert found.estimate.clusters == len(found.tables["pairs"])
    assert set(found.tables["matching"]["name"]) == {"warmth_before", "size"}
    assert found.tables["hidden bias"]["p_upper"].is_monotonic_increasing


def test_matched_design_without_partners_says_so():
    data = rooms().assign(warmth_before=lambda frame: 100.0 * (frame["arm"] == "mentored"))
    plan = replace(PLAN, design="matched", primary=("warmth",), secondary=(), equivalence={},
                   lower_is_better=())  # fmt: skip

    assert evaluate(plan, data).findings[0].estimate.reason == "perfect_separation"


def test_dose_design_gives_groups_and_robustness():
    plan = replace(PLAN, design="dose", dose="dose", reliability=0.8)

    found = evaluate(plan, rooms()).findings[0]

    assert found.verdict == "gain"
    assert found.tables["groups"]["group"].tolist() == ["0", "1-2", "3+"]
    assert 0 < found.tables["hidden bias"]["value_alpha"].iloc[0] < 1


@pytest.mark.parametrize(("estimator", "arm"), [("two_way", "now"), ("two_by_two", "ever")])
def test_did_design_finds_the_change(estimator, arm):
    plan = Plan("Did it rise?", "did", ("warmth",), "room", "centre", 1, arm=arm, period="wave",
                after="late", estimator=estimator)  # fmt: skip

    found = evaluate(plan, waves()).findings[0]

    assert found.verdict == "gain"
    assert found.estimate.low < 6 < found.estimate.high
    assert ("made of" in found.tables) == (estimator == "two_way")


def test_staggered_design_equals_its_function():
    plan = Plan("Did it rise?", "staggered", ("warmth",), "room", "centre", 1, period="wave",
                start="start")  # fmt: skip

    found = evaluate(plan, waves()).findings[0]

    assert (
        found.estimate == att(waves(), "warmth", "room", "wave", "start", cluster="centre").overall
    )
    assert {"cells", "by event", "by cohort", "trend before"} <= set(found.tables)


def test_plan_with_problems_is_refused_in_words():
    with pytest.raises(ValueError, match="question in words"):
        evaluate(replace(PLAN, question=""), rooms())
