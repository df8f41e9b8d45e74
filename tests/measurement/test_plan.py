import json
from dataclasses import replace

import pytest

from measurement.evaluation.plan import Plan

TRIAL = Plan(
    question="Does mentoring move warmth?",
    design="cluster_trial",
    primary=("warmth",),
    unit="room",
    cluster="centre",
    seed=7,
    arm="mentored",
    baselines={"warmth": "warmth_before"},
)


def test_same_plan_has_same_bytes_whatever_the_order():
    content = json.loads(TRIAL.canonical_bytes())

    again = Plan.from_dict(dict(reversed(content.items())))

    assert again == TRIAL
    assert again.sha256() == TRIAL.sha256()


def test_hash_of_a_plan_never_changes_by_itself():
    assert TRIAL.sha256() == "614ff62a197fb41af7cb3fa5647eb2f8ce36fdd2f0d5f61896ecf26ab8a14026"


@pytest.mark.parametrize("change", [{"seed": 8}, {"alpha": 0.01}, {"question": "Does it?"}])
def test_any_change_changes_the_hash(change):
    assert replace(TRIAL, **change).sha256() != TRIAL.sha256()


def test_sound_plan_has_no_problems():
    assert TRIAL.problems() == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"design": "survey"}, "The design must be one of"),
        ({"estimator": "lasso"}, "The estimator of this design must be one of ancova."),
        ({"arm": None}, "must name the column that says who was mentored (arm)"),
        ({"design": "did"}, "the period of each row (period)"),
        ({"design": "did", "estimator": "two_by_two"}, "before (0) or after (1) (after)"),
        ({"design": "staggered", "period": "wave"}, "in which mentoring began (start)"),
        ({"design": "dose"}, "how much mentoring"),
        ({"question": " "}, "question in words"),
        ({"primary": ()}, "at least one primary outcome"),
        ({"unit": ""}, "columns of unit and cluster"),
        ({"secondary": ("warmth",)}, "twice"),
        ({"alpha": 0.7}, "between 0 and 0.5"),
        ({"minimum_n": 1}, "2 or more"),
        ({"resamples": 10}, "at least 100"),
        ({"strata": "zone", "pairs": "pair"}, "either strata or pairs"),
        ({"reliability": 0.0}, "reliability lies above 0"),
        ({"reliability": 0.8}, "in the design dose only"),
        ({"design": "matched", "pairs": "pair"}, "finds its own pairs"),
        ({"design": "matched", "baselines": {}}, "to match on"),
        ({"design": "matched", "strata": "zone"}, "belong to a cluster trial"),
        ({"baselines": {"warmth": "warmth"}}, "its own baseline"),
        ({"equivalence": {"warmth": 0}}, "must be above 0"),
        ({"equivalence": {"language": 3}}, "no outcome: language"),
        ({"lower_is_better": ("alerts",)}, "no outcome: alerts"),
        ({"design": "did", "period": "wave"}, "takes its baseline from the rows before"),
        ({"multiplicity": "sidak"}, "multiplicity rule must be one of"),
        ({"design": "dose", "dose": "cycles", "multiplicity": "westfall_young"}, "needs a cluster"),
    ],
)
def test_problem_is_told_in_a_sentence(change, sentence):
    found = replace(TRIAL, **change).problems()

    assert any(sentence in problem for problem in found)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": "w"}, "no entries named weights"),
        ({"version": 2}, "version 2"),
        ({"seed": None}, "does not say: seed"),
    ],
)
def test_stored_plan_that_cannot_be_read_is_refused(change, message):
    content = json.loads(TRIAL.canonical_bytes()) | change
    content = {key: value for key, value in content.items() if value is not None}

    with pytest.raises(ValueError, match=message):
        Plan.from_dict(content)
