"""Runs of several stages: how far they are, stopped midway, crashed, and taken up again."""

import datetime
import io

import pytest
from django.core.management.base import OutputWrapper
from django.utils import timezone

from analytics import policies
from analytics.actions import runs, stages
from analytics.actions.stages import Computation, Inputs, Stage
from analytics.enums import RunStage, RunStatus
from analytics.management.progress import ProgressLine
from analytics.models import Run, RunPart
from core.models import AuditRecord
from core.refusals import Refusal
from measurement import partials
from tests.analytics.test_runs import ask
from tests.analytics.test_snapshots import run_of
from tests.factories import organisations as make


class Steps:
    """Three stages that write down when they are computed; what happens in one can be set."""

    def __init__(self, inputs_hash: str = "same"):
        self.hash, self.done, self.during = inputs_hash, [], {}

    @property
    def computation(self) -> Computation:
        named = [("first", 1), ("second", 2), ("third", 1)]
        return Computation(
            lambda run, share: Inputs(self.hash),
            [Stage(name, weight, self._compute(name)) for name, weight in named],
            lambda context: ",".join(context.parts),
        )

    def _compute(self, name):
        def compute(context):
            self.done.append(name)
            self.during.get(name, lambda context: None)(context)
            return {name: context.rng().normal(), f"after_{name}": list(context.parts)}

        return compute


@pytest.fixture
def coordinator(country):
    return make.person("national", country.country)


def computed(run: Run, steps: Steps, **fields) -> Run:
    return runs.compute(run=run, computation=steps.computation, **fields)


def raising(error: BaseException):
    def during(context):
        raise error

    return during


def test_stages_follow_each_other_and_their_results_are_one(country):
    run = computed(ask(country), Steps())

    assert (run.status, run.progress, run.table) == ("done", 100, "first,second,third")
    assert run.result["after_third"] == ["first", "second"]
    assert set(run.packages) == set(runs.PACKAGES) >= {"statsmodels", "duckdb"}
    assert [part.name for part in run.parts.order_by("pk")] == ["first", "second", "third"]
    assert all(part.seconds >= 0 and part.inputs_hash == "same" for part in run.parts.all())


def test_progress_is_told_by_weight_and_within_a_stage(country):
    steps, told = Steps(), []
    steps.during["second"] = lambda context: context.advance(0.5)

    computed(ask(country), steps, tell=lambda percent, stage: told.append((percent, stage)))

    # Reading, first and third weigh 1 of 5 each, the second 2.
    expected = [(0, "reading"), (20, "first"), (40, "first"), (40, "second"), (60, "second")]
    assert told == [*expected, (80, "second"), (80, "third"), (100, "third")]


def test_stage_has_chance_of_its_own_that_repeats(country):
    first, second = (computed(ask(country), Steps()).result for _each in range(2))
    other = computed(ask(country, seed=2), Steps()).result

    assert first == second
    assert first["first"] != first["second"]
    assert first["first"] != other["first"]


def test_cancel_midway_keeps_the_parts_and_resume_does_the_rest(country, coordinator):
    steps = Steps()
    run = ask(country)
    steps.during["second"] = lambda context: runs.cancel(run=run, by=coordinator)
    run = computed(run, steps)
    stopped = (run.status, run.progress, list(run.parts.values_list("name", flat=True)))
    steps.during = {}

    run = computed(runs.resume(run=run, by=coordinator, background=False), steps)

    assert stopped == ("cancelled", 40, ["first"])
    assert steps.done == ["first", "second", "second", "third"]
    assert run.status == "done"
    assert run.result == computed(ask(country), Steps()).result
    actions = AuditRecord.objects.filter(object_id=str(run.pk), actor_id=coordinator.pk)
    assert [one.action for one in actions.order_by("pk")] == ["runs.cancel", "runs.resume"]


def test_cancel_between_progress_reports_is_heard_within_a_stage(country, coordinator):
    steps, run, reached = Steps(), ask(country), []

    def during(context):
        context.advance(0.1)
        runs.cancel(run=run, by=coordinator)
        context.advance(0.9)
        reached.append(True)

    steps.during["first"] = during

    assert computed(run, steps).status == "cancelled"
    assert reached == []


def test_cancel_of_one_that_waits_is_heard_at_once(country, coordinator):
    steps = Steps()
    run = runs.cancel(run=ask(country), by=coordinator)

    assert run.status == "cancelled"
    assert computed(run, steps).status == "cancelled"
    assert steps.done == []


@pytest.mark.parametrize(
    ("error", "status"),
    [(ZeroDivisionError(), "failed"), (Refusal("No rooms."), "failed")],
)
def test_stage_that_breaks_keeps_those_before_it(country, coordinator, error, status):
    steps = Steps()
    steps.during["third"] = raising(error)
    run = computed(ask(country), steps)
    failed = (run.status, run.failure)
    steps.during = {}

    run = computed(runs.resume(run=run, by=coordinator, background=False), steps)

    assert failed == (status, str(error) if isinstance(error, Refusal) else "")
    assert (run.status, run.failure) == ("done", "")
    assert steps.done == ["first", "second", "third", "third"]


def test_worker_that_dies_loses_one_stage_and_no_more(country, coordinator):
    steps = Steps()
    steps.during["second"] = raising(SystemExit())
    run = ask(country)
    with pytest.raises(SystemExit):
        computed(run, steps)
    run.refresh_from_db()
    with pytest.raises(Refusal, match="under way"):
        runs.resume(run=run, by=coordinator)
    Run.objects.update(alive_at=timezone.now() - policies.LOST_AFTER)
    steps.during = {}

    run = computed(runs.resume(run=run, by=coordinator, background=False), steps)

    assert (run.status, run.attempt) == ("done", 2)
    assert steps.done == ["first", "second", "second", "third"]


def test_interrupted_command_leaves_a_run_to_take_up(country):
    steps = Steps()
    steps.during["second"] = raising(KeyboardInterrupt())
    run = ask(country)

    with pytest.raises(KeyboardInterrupt):
        computed(run, steps)
    run.refresh_from_db()
    assert (run.status, policies.can_be_resumed(run)) == ("cancelled", True)


def test_worker_thought_dead_stops_where_another_has_taken_over(country, coordinator):
    slow, quick = Steps(), Steps()
    run = ask(country)

    def taken_over(context):
        Run.objects.update(alive_at=timezone.now() - policies.LOST_AFTER)
        computed(runs.resume(run=run, by=coordinator, background=False), quick)

    slow.during["second"] = taken_over
    run = computed(run, slow)

    assert (run.status, run.attempt) == ("done", 2)
    assert slow.done == ["first", "second"]
    assert quick.done == ["second", "third"]


def test_other_inputs_have_all_stages_computed_anew(country, coordinator):
    steps, changed = Steps(), Steps("changed")
    steps.during["second"] = raising(ZeroDivisionError())
    run = computed(ask(country), steps)

    run = computed(runs.resume(run=run, by=coordinator, background=False), changed)

    assert changed.done == ["first", "second", "third"]
    assert (run.inputs_hash, RunPart.objects.count()) == ("changed", 3)


def test_other_code_has_all_stages_computed_anew(country, coordinator, monkeypatch):
    steps = Steps()
    steps.during["third"] = raising(ZeroDivisionError())
    run = computed(ask(country), steps)
    steps.during = {}
    monkeypatch.setenv("TRENZA_REVISION", "newer")

    run = computed(runs.resume(run=run, by=coordinator, background=False), steps)

    assert steps.done == ["first", "second", "third"] * 2
    assert run.code_version.endswith("+newer")


def test_two_stages_that_give_the_same_key_fail_and_so_does_nan(country):
    twice = Computation(
        lambda run, share: Inputs("x"),
        [Stage("first", 1, lambda context: {"a": 1}), Stage("second", 1, lambda context: {"a": 2})],
    )
    nan = Computation(
        lambda run, share: Inputs("x"), [Stage("first", 1, lambda context: {"a": float("nan")})]
    )

    assert runs.compute(run=ask(country), computation=twice).status == "failed"
    assert runs.compute(run=ask(country), computation=nan).status == "failed"


@pytest.mark.parametrize(
    ("status", "ago", "asked", "cancel", "resume"),
    [
        ("queued", 0, False, "", "under way"),
        ("running", 0, False, "", "under way"),
        ("running", 0, True, "already being stopped", "under way"),
        ("running", 11, False, "", ""),
        ("running", 11, True, "", ""),
        ("cancelled", 0, True, "nothing to stop", ""),
        ("failed", 0, False, "nothing to stop", ""),
        ("done", 0, False, "nothing to stop", "is done"),
    ],
)
def test_policies_say_in_each_state_what_may_be_done(status, ago, asked, cancel, resume):
    now = timezone.now()
    alive = now - datetime.timedelta(minutes=ago)
    run = Run(status=status, alive_at=alive, cancel_asked_at=now if asked else None)

    for allowed, sentence in ((policies.cancel_allowed, cancel), (policies.resume_allowed, resume)):
        if sentence:
            with pytest.raises(Refusal, match=sentence):
                allowed(run)
        else:
            allowed(run)


def test_cancel_of_a_lost_run_needs_no_worker(country, coordinator):
    run = ask(country)
    Run.objects.update(status="running", alive_at=timezone.now() - policies.LOST_AFTER)

    assert runs.cancel(run=run, by=coordinator).status == "cancelled"


def test_request_beside_one_that_is_being_stopped_is_a_new_run(country, coordinator):
    run = ask(country)
    Run.objects.update(status="running")
    runs.cancel(run=run, by=coordinator)

    assert ask(country) != run


def test_moves_know_every_status():
    assert set(policies.MOVES.moves) == set(RunStatus.values)


def test_map_over_the_snapshot_gives_what_the_rows_give(observed, country):
    def alpha(context):
        sums = context.map(item_sums, partials.combine, columns=["session", "centre", "item"])
        return {"rows": int(sums.table["n"].sum()), "noise": context.map(noise, sum, chance="n")}

    plan = Computation(
        lambda run, share: Inputs("x", frozen=stages.frozen(run, share)), [Stage("a", 1, alpha)]
    )
    first, second = (
        runs.compute(run=run_of(observed, country.country), computation=plan) for _each in range(2)
    )

    assert first.result["rows"] == len(stages.frozen(first, lambda share: None).read(["item"]))
    assert second.result == first.result
    assert (second.snapshot, bool(second.snapshot)) == (first.snapshot, True)


def item_sums(frame):
    counted = frame.groupby("centre", observed=True).size()
    return partials.ScoreSums(0.0, counted.to_frame("n"))


def noise(frame, rng):
    return rng.normal()


def test_stages_all_have_words():
    kinds = runs._computations().values()
    named = {stage.name for kind in kinds for stage in kind.stages}

    assert named <= set(RunStage.values)


@pytest.mark.parametrize("watched", [True, False])
def test_progress_of_a_command_is_a_line_that_changes_or_a_few_lines(watched):
    stream = io.StringIO()
    stream.isatty = lambda: watched
    line = ProgressLine(OutputWrapper(stream))

    for percent in (0, 3, 9, 10, 14):
        line(percent, "reading")
    line(14, "internal")
    line.end()

    said = stream.getvalue()
    if watched:
        assert said.count("\r") == 7
        assert "\n" not in said
    else:
        assert said.splitlines() == [
            "  0 %  Reading the records",
            " 10 %  Reading the records",
            " 14 %  Looking at how items go together",
        ]
