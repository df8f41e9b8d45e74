"""Internal consistency: how far the items of a scale speak as one."""

from measurement.reliability.alpha import Alpha, cronbach_alpha
from measurement.reliability.bootstrap import (
    AlphaSums,
    alpha_bootstrap,
    alpha_from_sums,
    alpha_partials,
    combine,
)
from measurement.reliability.halves import SplitHalves, split_halves
from measurement.reliability.items import item_figures

__all__ = [
    "Alpha",
    "AlphaSums",
    "SplitHalves",
    "alpha_bootstrap",
    "alpha_from_sums",
    "alpha_partials",
    "combine",
    "cronbach_alpha",
    "item_figures",
    "split_halves",
]
