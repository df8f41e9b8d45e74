"""Asking for an analysis, computing it, and keeping what it was made from."""

import datetime
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from analytics.enums import RunKind, RunStatus
from analytics.models import Run
from core import audit
from core.refusals import Refusal
from core.version import code_version
from organisations.models import Unit

logger = structlog.get_logger(__name__)
PACKAGES = ("numpy", "pandas", "scipy", "scikit-learn")
SEED = 20_260_101
# A run whose worker died never says so; after this long nobody waits for it any more.
LOST_AFTER = datetime.timedelta(minutes=30)


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
        requested_at__gt=timezone.now() - LOST_AFTER,
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


def compute(*, run: Run) -> Run:
    """Compute ``run`` and store its result; a failure is stored too, and raised no further.

    A finished run is given back as it is, so that a task delivered twice computes once.
    """
    if not Run.objects.filter(pk=run.pk, status=RunStatus.QUEUED).update(status=RunStatus.RUNNING):
        run.refresh_from_db()
        return run
    try:
        inputs, result, table = _computations()[run.kind](run)
    except Refusal as refusal:
        return _finish(run, status=RunStatus.FAILED, failure=str(refusal))
    except Exception:  # whatever broke, the person who waits must be told
        logger.exception("run failed", run=run.pk)
        return _finish(run, status=RunStatus.FAILED, failure="")
    return _finish(
        run,
        status=RunStatus.DONE,
        inputs_hash=inputs,
        result=result,
        table=table,
        code_version=code_version(),
        packages={name: version(name) for name in PACKAGES},
    )


@task()
def compute_run(run_id: int) -> None:
    """``compute`` as a background task."""
    compute(run=Run.objects.get(pk=run_id))


def _finish(run: Run, **values) -> Run:
    for name, value in values.items():
        setattr(run, name, value)
    run.finished_at = timezone.now()
    run.save()
    return run


def _computations() -> dict[str, Callable[[Run], tuple[str, dict, str]]]:
    """What each kind of run computes: run → (hash of inputs, result, table as CSV)."""
    from analytics.actions import braid, validity  # noqa: PLC0415 — slow to import

    return {RunKind.BRAID: braid.compute, RunKind.VALIDITY: validity.compute}
