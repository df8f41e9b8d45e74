"""Generalizability theory: what a score depends on, and what would make it more dependable."""

from measurement.generalizability.components import GStudy, generalizability
from measurement.generalizability.design import Design, parse_design
from measurement.generalizability.dstudy import Fewest, d_study, fewest, phi_lambda

__all__ = [
    "Design",
    "Fewest",
    "GStudy",
    "d_study",
    "fewest",
    "generalizability",
    "parse_design",
    "phi_lambda",
]
