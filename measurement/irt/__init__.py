"""Item response theory: what an answer says of a person or room, and of the item."""

from measurement.irt.andersen import AndersenTest, andersen_test
from measurement.irt.dif import logistic_dif, mantel_haenszel
from measurement.irt.fit import item_fit, q3, s_x2
from measurement.irt.information import (
    eap_scores,
    empirical_reliability,
    information,
    map_scores,
    marginal_reliability,
    person_reliability,
)
from measurement.irt.marginal import MarginalFit, fit_2pl, fit_gpcm, fit_grm, fit_pcm, fit_rasch
from measurement.irt.persons import person_measures
from measurement.irt.rasch import RaschFit, partial_credit_cml, rasch_cml

__all__ = [
    "AndersenTest",
    "MarginalFit",
    "RaschFit",
    "andersen_test",
    "eap_scores",
    "empirical_reliability",
    "fit_2pl",
    "fit_gpcm",
    "fit_grm",
    "fit_pcm",
    "fit_rasch",
    "information",
    "item_fit",
    "logistic_dif",
    "mantel_haenszel",
    "map_scores",
    "marginal_reliability",
    "partial_credit_cml",
    "person_measures",
    "person_reliability",
    "q3",
    "rasch_cml",
    "s_x2",
]
