"""When an analysis may be stopped or taken up again, and the sentences with which it refuses."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.enums import RunStatus
from analytics.models import EvaluationPlan, Run
from core.refusals import Refusal
from core.states import Moves

# A worker that died never says so; after so long without a sign nobody waits for it any more.
LOST_AFTER = datetime.timedelta(minutes=10)

MOVES = Moves(
    name="run",
    title="An analysis",
    start=RunStatus.QUEUED.value,
    moves={
        "queued": {"running": "compute", "cancelled": "cancel"},
        "running": {
            "done": "compute",
            "failed": "compute",
            "cancelled": "cancel",
            "queued": "resume, once lost",
        },
        "cancelled": {"queued": "resume"},
        "failed": {"queued": "resume"},
        "done": {},
    },
)


def lost(run: Run) -> bool:
    """Whether the worker of ``run`` has given no sign of life for too long."""
    return run.status == RunStatus.RUNNING and run.alive_at <= timezone.now() - LOST_AFTER


def can_be_cancelled(run: Run) -> bool:
    asked = run.cancel_asked_at is not None and not lost(run)
    return MOVES.allow(run.status, RunStatus.CANCELLED) and not asked


def can_be_resumed(run: Run) -> bool:
    going = run.status == RunStatus.RUNNING and not lost(run)
    return MOVES.allow(run.status, RunStatus.QUEUED) and not going


def cancel_allowed(run: Run) -> None:
    if not MOVES.allow(run.status, RunStatus.CANCELLED):
        raise Refusal(_("This analysis is over; there is nothing to stop."))
    if not can_be_cancelled(run):
        raise Refusal(_("This analysis is already being stopped. Wait a moment."))


def resume_allowed(run: Run) -> None:
    if run.status == RunStatus.DONE:
        raise Refusal(_("This analysis is done. Ask for another to compute it anew."))
    if not can_be_resumed(run):
        raise Refusal(_("This analysis is under way; there is nothing to take up again."))


def plan_is_draft(plan: EvaluationPlan) -> None:
    if plan.is_frozen:
        raise Refusal(_("This plan is frozen. Write another one that amends it."))


def plan_is_frozen(plan: EvaluationPlan) -> None:
    if not plan.is_frozen:
        raise Refusal(_("Freeze the plan first: nothing is computed before it is fixed."))
