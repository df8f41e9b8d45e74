"""Confirmatory factor analysis: do the items measure the factors they are meant for?"""

from measurement.cfa.invariance import invariance, invariance_over_time
from measurement.cfa.ml import cfa_covariance, cfa_ml
from measurement.cfa.model import Model
from measurement.cfa.ordinal import cfa_ordinal
from measurement.cfa.result import CfaFit
from measurement.cfa.steps import Invariance

__all__ = [
    "CfaFit",
    "Invariance",
    "Model",
    "cfa_covariance",
    "cfa_ml",
    "cfa_ordinal",
    "invariance",
    "invariance_over_time",
]
