from analytics.views.gates import GatesView
from analytics.views.runs import (
    BraidView,
    RunCancelView,
    RunDetailView,
    RunFileView,
    RunResumeView,
    RunTableView,
)
from analytics.views.validity import ValidityView

__all__ = [
    "BraidView",
    "GatesView",
    "RunCancelView",
    "RunDetailView",
    "RunFileView",
    "RunResumeView",
    "RunTableView",
    "ValidityView",
]
