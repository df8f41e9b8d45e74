"""Weights: what each row stands for, once some did not answer and totals are known."""

from measurement.sampling.weights.calibration import poststratify, rake
from measurement.sampling.weights.nonresponse import cell_adjustment, propensity_adjustment
from measurement.sampling.weights.weighting import Weighting, design_weights, effective_n, trim

__all__ = [
    "Weighting",
    "cell_adjustment",
    "design_weights",
    "effective_n",
    "poststratify",
    "propensity_adjustment",
    "rake",
    "trim",
]
