from analytics.forms.plans import PlanForm
from analytics.forms.runs import GatesForm, PeriodForm, PlaceForm, ValidityForm, default_period

__all__ = ["GatesForm", "PeriodForm", "PlaceForm", "PlanForm", "ValidityForm", "default_period"]
