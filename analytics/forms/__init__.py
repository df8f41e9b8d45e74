from analytics.forms.plans import PlanForm
from analytics.forms.runs import GatesForm, JudgedForm, PlaceForm, ValidityForm, default_period

__all__ = ["GatesForm", "JudgedForm", "PlaceForm", "PlanForm", "ValidityForm", "default_period"]
