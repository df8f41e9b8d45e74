"""Confirmatory factor analysis: do the items measure the factors they are meant for?"""

from measurement.cfa.ml import cfa_covariance, cfa_ml
from measurement.cfa.model import Model
from measurement.cfa.ordinal import cfa_ordinal
from measurement.cfa.result import CfaFit

__all__ = ["CfaFit", "Model", "cfa_covariance", "cfa_ml", "cfa_ordinal"]
