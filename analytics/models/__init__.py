from analytics.models.gates import Gate
from analytics.models.runs import Run

__all__ = ["Gate", "Run"]
