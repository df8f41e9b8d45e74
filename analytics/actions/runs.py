"""Asking for an analysis, computing it, stopping it, and keeping what it was made from."""

import datetime
from collections.abc import Callable
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import override
from django_tasks import task

from analytics import policies
from analytics.enums import RunKind, RunStatus
from analytics.models import Run
from core import audit
from core.refusals import Refusal
from core.version import code_version
from organisations.models import Unit

if TYPE_CHECKING:
    from analytics.actions.stages import Computation

logger = structlog.get_logger(__name__)
PACKAGES = ("numpy", "pandas", "scipy", "scikit-learn", "statsmodels", "duckdb")
SEED = 20_260_101


@transaction.atomic
def request(  # noqa: PLR0913 — what a run is made from, each by its name
    *,
    kind: RunKind,
    unit,
    starts_on: datetime.date,
    ends_on: datetime.date,
    by=None,
    options: dict[str, Any] | None = None,
    seed: int = SEED,
    background: bool = True,
) -> Run:
    """Ask for an analysis; one that still waits for the same is given back instead.

    A worker computes it; with ``background=False`` the caller does, by ``compute``.
    """
    # Two who ask at once: the second waits here, then finds the first one's run. What refers to the
    # unit meanwhile need not wait.
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    same = Run.objects.filter(
        kind=kind,
        unit=unit,
        starts_on=starts_on,
        ends_on=ends_on,
        options=options or {},
        seed=seed,
        status__in=[RunStatus.QUEUED, RunStatus.RUNNING],
        alive_at__gt=timezone.now() - policies.LOST_AFTER,
        cancel_asked_at=None,
    )
    if waiting := same.first():
        return waiting
    run = Run.objects.create(
        kind=kind,
        unit=unit,
        starts_on=starts_on,
        ends_on=ends_on,
        options=options or {},
        seed=seed,
        requested_by=by,
    )
    audit.record("runs.request", run, by=by, detail={"kind": kind})
    if background:
        transaction.on_commit(lambda: compute_run.enqueue(run.pk))
    return run


@transaction.atomic
def cancel(*, run: Run, by) -> Run:
    """Stop ``run``: at once where nobody computes it, else at its worker's next sign of life.

    What its finished stages found is kept.
    """
    run = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    policies.cancel_allowed(run)
    now = timezone.now()
    if run.status == RunStatus.QUEUED or policies.lost(run):
        run.status, run.finished_at = RunStatus.CANCELLED, now
    run.cancel_asked_at = now
    run.save(update_fields=["status", "finished_at", "cancel_asked_at"])
    audit.record("runs.cancel", run, by=by, detail={"progress": run.progress})
    return run


@transaction.atomic
def resume(*, run: Run, by, background: bool = True) -> Run:
    """Take up a run that was cancelled, failed or was lost; finished stages are not done again."""
    run = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    policies.resume_allowed(run)
    run.status, run.failure = RunStatus.QUEUED, ""
    run.finished_at = run.cancel_asked_at = None
    run.alive_at = timezone.now()
    run.save(update_fields=["status", "failure", "finished_at", "cancel_asked_at", "alive_at"])
    audit.record("runs.resume", run, by=by, detail={"progress": run.progress})
    if background:
        transaction.on_commit(lambda: compute_run.enqueue(run.pk))
    return run


def compute(
    *,
    run: Run,
    computation: "Computation | None" = None,
    tell: Callable[[int, str], object] = lambda percent, stage: None,
) -> Run:
    """Compute ``run`` and store its result; a failure is stored too, and raised no further.

    A finished run is given back as it is, so that a task delivered twice computes once.
    ``tell(percent, stage)`` is told how far it is. ``computation`` is that of its kind by default.
    """
    if not _begun(run):
        return run
    from analytics.actions import stages  # noqa: PLC0415 — slow to import

    try:
        # A worker has no reader: texts are in the language of who asked.
        with override(run.options.get("language", settings.LANGUAGE_CODE)):
            found = stages.carry_out(run, computation or _computations()[run.kind], tell)
    except Refusal as refusal:
        return _finish(run, status=RunStatus.FAILED, failure=str(refusal))
    except stages.Stopped:
        return _finish(run, status=RunStatus.CANCELLED)
    except KeyboardInterrupt:
        _finish(run, status=RunStatus.CANCELLED)
        raise
    except Exception:  # whatever broke, the person who waits must be told
        logger.exception("run failed", run=run.pk)
        return _finish(run, status=RunStatus.FAILED, failure="")
    return _finish(
        run,
        status=RunStatus.DONE,
        progress=100,
        inputs_hash=found.inputs_hash,
        result=found.result,
        table=found.table,
    )


@task()
def compute_run(run_id: int) -> None:
    """``compute`` as a background task."""
    compute(run=Run.objects.get(pk=run_id))


def _begun(run: Run) -> bool:
    """Whether ``run`` waited and is ours now; parts that other code made are dropped."""
    now = timezone.now()
    made_by = {
        "code_version": code_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }
    before = Run.objects.values_list("code_version", "packages").get(pk=run.pk)
    ours = Run.objects.filter(pk=run.pk, status=RunStatus.QUEUED).update(
        status=RunStatus.RUNNING, attempt=F("attempt") + 1, started_at=now, alive_at=now, **made_by
    )
    run.refresh_from_db()
    if ours and before != (run.code_version, run.packages):
        run.parts.all().delete()
    return bool(ours)


def _finish(run: Run, **values) -> Run:
    """Store how this go at ``run`` ended, unless another has taken it up since."""
    Run.objects.filter(pk=run.pk, attempt=run.attempt, status=RunStatus.RUNNING).update(
        finished_at=timezone.now(), **values
    )
    run.refresh_from_db()
    return run


def _computations() -> dict[str, "Computation"]:
    """How each kind of run is computed: its inputs, its stages and its table."""
    from analytics.actions import board, braid, evaluation, validity  # noqa: PLC0415 — slow to import

    return {
        RunKind.BRAID: braid.COMPUTATION,
        RunKind.VALIDITY: validity.COMPUTATION,
        RunKind.EVALUATION: evaluation.COMPUTATION,
        RunKind.BOARD: board.COMPUTATION,
    }
