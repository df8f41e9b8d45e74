"""Sums per centre or room, from which whole statistics follow.

A partition of the rows gives its sums (``item_sums``, ``score_sums``); those of all partitions are
added (``combine``); alpha, ICC and mean are finished from them. A bootstrap of whole centres is
then one product, weights × sums: rows are read once, wherever they lie. Sums of whole numbers are
exact, so their order changes nothing; of other numbers, add the parts in one fixed order.
"""

from measurement.partials.items import alpha, alpha_bootstrap, covariance, covariance_resamples
from measurement.partials.scores import icc_bootstrap, icc_one_way, mean
from measurement.partials.sums import ItemSums, ScoreSums, combine, item_sums, score_sums

__all__ = [
    "ItemSums",
    "ScoreSums",
    "alpha",
    "alpha_bootstrap",
    "combine",
    "covariance",
    "covariance_resamples",
    "icc_bootstrap",
    "icc_one_way",
    "item_sums",
    "mean",
    "score_sums",
]
