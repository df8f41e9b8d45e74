from analytics.views.gates import GatesView
from analytics.views.runs import (
    BraidView,
    RunCancelView,
    RunDetailView,
    RunResumeView,
    RunTableView,
    ValidityView,
)

__all__ = [
    "BraidView",
    "GatesView",
    "RunCancelView",
    "RunDetailView",
    "RunResumeView",
    "RunTableView",
    "ValidityView",
]
