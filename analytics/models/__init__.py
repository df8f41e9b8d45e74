from analytics.models.gates import Gate
from analytics.models.plans import EvaluationPlan
from analytics.models.runs import Run, RunPart

__all__ = ["EvaluationPlan", "Gate", "Run", "RunPart"]
