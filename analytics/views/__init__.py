from analytics.views.gates import GatesView
from analytics.views.plans import (
    PlanComputeView,
    PlanDetailView,
    PlanFreezeView,
    PlanListView,
    PlanWriteView,
)
from analytics.views.runs import (
    BoardView,
    BraidView,
    RunCancelView,
    RunDetailView,
    RunFileView,
    RunResumeView,
    RunTableView,
)
from analytics.views.validity import ValidityCompareView, ValidityView

__all__ = [
    "BoardView",
    "BraidView",
    "GatesView",
    "PlanComputeView",
    "PlanDetailView",
    "PlanFreezeView",
    "PlanListView",
    "PlanWriteView",
    "RunCancelView",
    "RunDetailView",
    "RunFileView",
    "RunResumeView",
    "RunTableView",
    "ValidityCompareView",
    "ValidityView",
]
