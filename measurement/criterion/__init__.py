"""Does a score agree with what it should agree with, and does it show change?"""

from measurement.criterion.change import (
    ReliableChange,
    Responsiveness,
    TestRetest,
    reliable_change_index,
    responsiveness,
    test_retest,
)
from measurement.criterion.correlation import correlation, disattenuated_correlation
from measurement.criterion.roc import Roc, YoudenPoint, auc, auc_difference, roc

__all__ = [
    "ReliableChange",
    "Responsiveness",
    "Roc",
    "TestRetest",
    "YoudenPoint",
    "auc",
    "auc_difference",
    "correlation",
    "disattenuated_correlation",
    "reliable_change_index",
    "responsiveness",
    "roc",
    "test_retest",
]
