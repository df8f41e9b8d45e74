"""Internal consistency: how far the items of a scale speak as one."""

from measurement.reliability.alpha import Alpha, cronbach_alpha
from measurement.reliability.halves import SplitHalves, split_halves
from measurement.reliability.items import item_figures

__all__ = [
    "Alpha",
    "SplitHalves",
    "cronbach_alpha",
    "item_figures",
    "split_halves",
]
