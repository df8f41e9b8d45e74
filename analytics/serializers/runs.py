"""A run as its page shows it, from the moment it waits to its result."""

from typing import Any

from django.utils import timezone

from analytics import policies
from analytics.enums import RunKind, RunStatus
from analytics.models import Run
from analytics.reports import documents, provenance
from analytics.reports.board import REPORT as BOARD
from analytics.reports.declaration import Report
from analytics.reports.evaluation import REPORT as EVALUATION
from analytics.reports.validity import REPORT as VALIDITY
from analytics.serializers import braid
from observation.queries import PERMISSION as ROOMS

# The kinds whose result is a declared report; the braid has a page of its own.
REPORTS: dict[str, Report] = {
    RunKind.VALIDITY: VALIDITY,
    RunKind.EVALUATION: EVALUATION,
    RunKind.BOARD: BOARD,
}


def page(run: Run | None, user) -> dict[str, Any]:
    """The context of a run's page for ``user``, beside the run itself; empty until it is done."""
    if run is None or run.status != RunStatus.DONE:
        return {}
    if run.kind not in REPORTS:
        rooms = {"may_see_rooms": run.visible_to(user, ROOMS)}
        return braid.shown(run.result) | rooms
    report = REPORTS[run.kind]
    return {
        "title": provenance.title(report, run),
        "document": documents.build(report, run.result),
        "facts": provenance.facts(run),
        "icons": True,
        "may_keep": run.visible_to(user, "analytics.run"),
    }


def waiting(run: Run, user) -> dict[str, Any]:
    """How long it has run, and what ``user`` may do about it."""
    if run.status == RunStatus.DONE:
        return {}
    begun = run.started_at if run.status == RunStatus.RUNNING else None
    passed = int((timezone.now() - begun).total_seconds()) if begun else 0
    hers = run.visible_to(user, "analytics.run")
    return {
        "minutes": passed // 60,
        "seconds": passed % 60,
        "lost": policies.lost(run),
        "may_cancel": hers and policies.can_be_cancelled(run),
        "may_resume": hers and policies.can_be_resumed(run),
    }
