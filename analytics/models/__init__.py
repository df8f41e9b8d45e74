from analytics.models.gates import Gate
from analytics.models.runs import Run, RunPart

__all__ = ["Gate", "Run", "RunPart"]
