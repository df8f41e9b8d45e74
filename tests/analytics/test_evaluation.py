"""What a frozen plan finds: a gain where there is one, nothing where there is none, and why not."""

import re

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from analytics.models import EvaluationPlan, Run
from analytics.reports import documents
from analytics.reports.evaluation import REPORT
from tests.analytics.reported import undeclared
from tests.factories import organisations as make
from tests.factories import trials

PLAN = trials.PLAN
NO_BASELINES = PLAN.replace('baselines = { ALL = "ALL_before", CAL = "CAL_before" }\n', "")
EACH = NO_BASELINES.replace('before = ["1"]\nafter = ["2"]', 'each = "value"')
ARM = 'arm = "grupo"\ntreatment = "si"'
DESIGNS = {
    "cluster_trial": (PLAN, {}),
    "matched": (PLAN.replace("cluster_trial", "matched"), {"centres": 40, "rooms": 2}),
    "did": (
        EACH.replace("cluster_trial", "did").replace(
            ARM, 'arm = "now"\nstart = "inicio"\nperiod = "period"'
        ),
        {"rounds": (1, 2, 3)},
    ),
    "staggered": (
        EACH.replace("cluster_trial", "staggered").replace(
            ARM, 'start = "inicio"\nperiod = "period"'
        ),
        {"rounds": (1, 2, 3, 4), "starts": (2, 3, None)},
    ),
    "dose": (PLAN.replace("cluster_trial", "dose").replace(ARM, 'dose = "dosis"'), {}),
}


@pytest.fixture
def top(db):
    return make.unit("country", code="mx")


def found(top, given: list[dict], text: str = PLAN, assignment: list | None = None) -> Run:
    version = trials.imported(top, given)
    return trials.computed(trials.written(version, top, text, assignment))


def verdicts(run: Run) -> dict[str, str]:
    return {row["outcome"]: row["verdict"] for row in effects(run).values()}


def effects(run: Run) -> dict[str, dict]:
    return {row["outcome"]: row for row in run.result["effects"]["tables"]["effects"]}


def not_computed(run: Run) -> list[tuple]:
    rows = run.result["doubts"]["tables"]["not_computed"]
    return [(row["outcome"], row["reason"], row["column"]) for row in rows]


@pytest.mark.parametrize("design", DESIGNS)
def test_gain_is_found_by_each_design_and_all_of_it_is_declared(top, design):
    text, made = DESIGNS[design]

    run = found(top, trials.rows(gain=2, **made), text)
    document = documents.build(REPORT, run.result)

    assert (run.status, run.failure) == ("done", "")
    assert undeclared(REPORT, run.result) == []
    assert verdicts(run) == {"ALL": "gain", "CAL": "gain"}
    assert [section.key for section in document.sections] == [one.key for one in REPORT.sections]
    assert all(section.tables or section.notes for section in document.sections[:4])


@pytest.mark.parametrize("design", DESIGNS)
def test_nothing_is_found_where_there_is_nothing(top, design):
    text, made = DESIGNS[design]

    run = found(top, trials.rows(gain=0, **made), text)

    assert verdicts(run) == {"ALL": "none", "CAL": "none"}
    notes = [note["code"] for note in run.result["effects"]["notes"]]
    assert set(notes) == {"none_by_dose" if design == "dose" else "none"}


def test_interval_of_the_trial_holds_the_gain_that_was_made(top):
    run = found(top, trials.rows(gain=1))
    effect = effects(run)["ALL"]["effect"]

    # One step of nine, in points of a hundred.
    assert effect["low"] < 100 / 9 < effect["high"]
    assert (effect["n"], effect["clusters"]) == (96, 24)


def test_multilevel_model_stands_beside_the_trial_and_says_the_same(top):
    run = found(top, trials.rows(gain=1))
    (model,) = run.result["models"]["tables"]["models"]

    assert abs(model["effect"]["value"] - effects(run)["ALL"]["effect"]["value"]) < 1


def test_difference_that_does_not_matter_is_said_to_be_none(top):
    text = PLAN.replace("resamples", "equivalence = { ALL = 20 }\nresamples")

    run = found(top, trials.rows(gain=0), text)

    assert [note["code"] for note in run.result["effects"]["notes"]] == ["equivalent", "none"]


def test_level_of_the_interval_is_that_of_the_plan(top):
    run = found(top, trials.rows(gain=2), PLAN.replace("resamples", "alpha = 0.1\nresamples"))
    notes = documents.build(REPORT, run.result).sections[1].notes

    assert "(90 % interval" in notes[0]


@pytest.mark.parametrize(
    ("given", "wrong", "missing"),
    [
        ('arm = "grupo"', 'arm = "brazo"', "brazo"),
        ('unit = "salon"', 'unit = "cuarto"', "cuarto"),
        ('cluster = "centre"', 'cluster = "zona"', "zona"),
        ("resamples", 'covariates = ["edad"]\nresamples', "edad"),
        ("resamples", 'strata = "estrato"\nresamples', "estrato"),
    ],
)
def test_column_that_is_not_there_is_named(top, given, wrong, missing):
    run = found(top, trials.rows(centres=4), PLAN.replace(given, wrong))

    assert verdicts(run) == {"ALL": "insufficient", "CAL": "insufficient"}
    assert {("ALL", "not_recorded", missing), ("CAL", "not_recorded", missing)} <= {
        *not_computed(run)
    }


def test_outcome_that_is_not_there_is_named_and_the_other_computed(top):
    text = PLAN.replace('["CAL"]', '["XYZ"]').replace(', CAL = "CAL_before"', "")

    run = found(top, trials.rows(gain=2), text)

    assert verdicts(run) == {"ALL": "gain", "XYZ": "insufficient"}
    assert not_computed(run) == [("XYZ", "not_recorded", "XYZ")]


@pytest.mark.parametrize(
    ("design", "change", "reason"),
    [
        ("cluster_trial", {"grupo": "si"}, "one_group"),
        ("dose", {"dosis": 1}, "one_group"),
        ("did", {"ronda": 1}, "one_period"),
        ("staggered", {"ronda": 1}, "one_period"),
        ("staggered", {"inicio": ""}, "one_group"),
        ("cluster_trial", dict.fromkeys("abcdef", 5), "zero_variance"),
        ("cluster_trial", dict.fromkeys("abcdef", ""), "all_missing"),
    ],
)
def test_what_cannot_be_compared_says_why(top, design, change, reason):
    given = trials.rows(centres=8, rounds=(1, 2))
    if "ronda" in change:
        given = [row for row in given if row["ronda"] == change["ronda"]]

    run = found(top, [row | change for row in given], DESIGNS[design][0])

    assert run.status == "done"
    assert ("ALL", reason, None) in not_computed(run)
    assert undeclared(REPORT, run.result) == []


@pytest.mark.parametrize(
    ("text", "change", "sentence"),
    [
        (PLAN, lambda row: {"grupo": "no"}, "Nobody is in the arm “si”."),
        (
            PLAN,
            lambda row: {"grupo": "si" if row["salon"].endswith("0") else "no"},
            "stands in both arms.",
        ),
        (
            PLAN,
            lambda row: {"grupo": ("si", "no", "otro")[int(row["escuela"][-2:]) % 3]},
            "A comparison needs two arms",
        ),
        (
            DESIGNS["dose"][0],
            lambda row: {"dosis": "mucha"},
            "“dosis” of the plan must hold numbers",
        ),
        (
            DESIGNS["did"][0],
            lambda row: {"ronda": f"r{row['ronda']}"},
            "“ronda” must hold whole numbers",
        ),
        (
            DESIGNS["did"][0],
            lambda row: {"ronda": row["ronda"] + 0.5},
            "“ronda” must hold whole numbers",
        ),
        (PLAN.replace('by = "ronda"', 'by = "vuelta"'), None, "No session has a fact “vuelta”."),
        (
            PLAN.replace(
                'by = "ronda"\nbefore = ["1"]\nafter = ["2"]', 'by = "day"\neach = "month"'
            ),
            None,
            "These data have no days",
        ),
    ],
)
def test_data_that_are_not_what_the_plan_says_are_refused_with_a_sentence(
    top, text, change, sentence
):
    given = trials.rows(centres=6, rooms=2)
    changed = [row | change(row) for row in given] if change else given

    run = found(top, changed, text)

    assert run.status == "failed"
    assert sentence in run.failure


def test_lowest_quarter_chosen_for_mentoring_gains_nothing_by_that(top):
    given = trials.rows(gain=0, centres=60, seed=3)
    first = {}
    for row in given:
        if row["ronda"] == 1:
            scores = [int(row[item]) for item in "abcdef"]
            first.setdefault(row["escuela"], []).append(np.mean(scores))
    means = {school: np.mean(scores) for school, scores in first.items()}
    lowest = sorted(means, key=means.get)[:15]
    chosen = [row | {"grupo": "si" if row["escuela"] in lowest else "no"} for row in given]
    text = PLAN.replace('unit = "salon"', 'unit = "centre"')

    run = found(top, chosen, text)

    # They rise from first to second all the same: what a naive before and after calls a gain.
    second = {}
    for row in chosen:
        if row["ronda"] == 2 and row["escuela"] in lowest:
            second.setdefault(row["escuela"], []).append(np.mean([int(row[i]) for i in "abcdef"]))
    assert np.mean([np.mean(second[s]) - means[s] for s in lowest]) > 0.1
    assert verdicts(run) == {"ALL": "none", "CAL": "none"}


def test_assignment_as_a_file_gives_the_arms(top):
    assigned = [
        {"centre": f"Escuela {number:02d}", "brazo": "1" if number % 2 == 0 else "0"}
        for number in range(24)
    ]
    text = PLAN.replace(ARM, 'arm = "brazo"\ntreatment = "1"')

    assert verdicts(found(top, trials.rows(gain=2), text, assigned))["ALL"] == "gain"


def test_assignment_cannot_bring_outcomes(top):
    run = found(top, trials.rows(centres=2), PLAN, [{"centre": "Escuela 00", "ALL": "100"}])

    assert run.status == "failed"
    assert "“ALL”, which is computed from the sessions" in run.failure


def test_same_plan_and_data_give_the_same_bytes(top):
    plan = trials.written(trials.imported(top, trials.rows(gain=1)), top)
    first, second = trials.computed(plan), None
    second = trials.computed(EvaluationPlan.objects.get())

    assert first.pk != second.pk
    for name in ("inputs_hash", "result", "table"):
        assert getattr(first, name) == getattr(second, name)


def test_plan_is_told_entry_by_entry_with_its_hash(top):
    run = found(top, trials.rows(centres=2))
    told = {row["what"]: row["said"] for row in run.result["plan"]["tables"]["entries"]}
    kept = EvaluationPlan.objects.get()

    assert told["arm"] == "grupo"
    assert told["rows"] == "by: ronda, before: 1, after: 2"
    assert told["hash"] == kept.content_hash == run.result["about"]["plan_hash"]


@pytest.fixture
def files(top, tmp_path):
    trials.imported(top, trials.rows(gain=2))
    (tmp_path / "plan.toml").write_text(PLAN)
    return {"plan": tmp_path / "plan.toml", "out": tmp_path / "out", "language": "en"}


def test_command_freezes_the_plan_of_a_file_and_writes_its_report(files, tmp_path, capsys):
    call_command("evaluate", "taller", **files)
    said = capsys.readouterr().out
    code = EvaluationPlan.objects.get().code
    call_command("evaluate", code, out=tmp_path / "again", language="en")

    assert EvaluationPlan.objects.get().is_frozen
    assert re.search(r"Whole instrument: a gain\b", said)
    names = {file.name for file in (tmp_path / "out").iterdir()}
    assert names == {"report.css", *(f"evaluation-{code}.{one}" for one in ENDINGS)}
    for name in names:
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


ENDINGS = ("html", "pdf", "xlsx", "json", "schema.json", "zip")


@pytest.mark.parametrize(
    ("name", "change", "sentence"),
    [
        ("nube", {"plan": None}, "There is no plan “nube”"),
        ("nube", {}, "There is no published instrument “nube”"),
        ("taller", {"text": "seed = "}, "not valid TOML"),
        ("taller", {"text": PLAN.replace("seed = 7", "")}, "“seed” is missing."),
        ("taller", {"assignment": "school\nx\n"}, "needs a column “centre” or “room”"),
    ],
)
def test_command_says_what_is_wrong_and_writes_nothing(files, tmp_path, name, change, sentence):
    if "text" in change:
        files["plan"].write_text(change.pop("text"))
    if "assignment" in change:
        (tmp_path / "a.csv").write_text(change["assignment"])
        change = {"assignment": tmp_path / "a.csv"}

    with pytest.raises(CommandError, match=sentence):
        call_command("evaluate", name, **files | change)
    assert not EvaluationPlan.objects.exists()
    assert not (tmp_path / "out").exists()
