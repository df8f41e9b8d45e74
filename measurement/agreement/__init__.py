"""Do observers who rate the same thing say the same?"""

from measurement.agreement.bland_altman import BlandAltman, bland_altman
from measurement.agreement.categories import MINIMUM_TARGETS
from measurement.agreement.chance import (
    agreement_weights,
    brennan_prediger,
    conger_kappa,
    fleiss_kappa,
    gwet_ac,
    percent_agreement,
)
from measurement.agreement.double_coding import double_coding, oriented
from measurement.agreement.incomplete import INCOMPLETE_FORMS, icc_incomplete, mean_observers
from measurement.agreement.intraclass import ICC_FORMS, icc, mean_squares
from measurement.agreement.krippendorff import krippendorff_alpha
from measurement.agreement.master import against_master
from measurement.agreement.pairs import (
    MINIMUM_PAIRS,
    agreement_table,
    cohen_kappa,
    exact_agreement,
    quadratic_kappa,
    side_by_side,
    within,
)
from measurement.agreement.severity import observer_severity
from measurement.connectivity import connected_components

__all__ = [
    "ICC_FORMS",
    "INCOMPLETE_FORMS",
    "MINIMUM_PAIRS",
    "MINIMUM_TARGETS",
    "BlandAltman",
    "against_master",
    "agreement_table",
    "agreement_weights",
    "bland_altman",
    "brennan_prediger",
    "cohen_kappa",
    "conger_kappa",
    "connected_components",
    "double_coding",
    "exact_agreement",
    "fleiss_kappa",
    "gwet_ac",
    "icc",
    "icc_incomplete",
    "krippendorff_alpha",
    "mean_observers",
    "mean_squares",
    "observer_severity",
    "oriented",
    "percent_agreement",
    "quadratic_kappa",
    "side_by_side",
    "within",
]
