"""Multilevel models: linear, binomial and ordinal, with nested and crossed groupings."""

from measurement.multilevel.answers import AnswersFit
from measurement.multilevel.binomial import binomial_mixed
from measurement.multilevel.linear import MixedFit, linear_mixed
from measurement.multilevel.ordinal import ordinal_mixed
from measurement.multilevel.profile import profile_intervals

__all__ = [
    "AnswersFit",
    "MixedFit",
    "binomial_mixed",
    "linear_mixed",
    "ordinal_mixed",
    "profile_intervals",
]
