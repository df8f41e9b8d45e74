"""Estimates of a population from a sample drawn by a known design."""

from measurement.sampling.estimation.design import SurveyDesign
from measurement.sampling.estimation.means import (
    SurveyDifference,
    SurveyEstimate,
    survey_difference,
    survey_domain_means,
    survey_mean,
    survey_proportions,
    survey_ratio,
    survey_total,
)
from measurement.sampling.estimation.quantiles import survey_quantiles
from measurement.sampling.estimation.regression import SurveyRegression, survey_regression
from measurement.sampling.estimation.tables import SurveyTable, rao_scott

__all__ = [
    "SurveyDesign",
    "SurveyDifference",
    "SurveyEstimate",
    "SurveyRegression",
    "SurveyTable",
    "rao_scott",
    "survey_difference",
    "survey_domain_means",
    "survey_mean",
    "survey_proportions",
    "survey_quantiles",
    "survey_ratio",
    "survey_regression",
    "survey_total",
]
