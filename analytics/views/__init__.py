from analytics.views.gates import GatesView
from analytics.views.runs import BraidView, RunDetailView, RunTableView, ValidityView

__all__ = ["BraidView", "GatesView", "RunDetailView", "RunTableView", "ValidityView"]
