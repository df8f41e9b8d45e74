"""A number with its uncertainty, or the reason why there is none."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class Reason(StrEnum):
    """Why there is no number, or no interval. The layers above put each code into words."""

    TOO_FEW_ROWS = "too_few_rows"
    TOO_FEW_CLUSTERS = "too_few_clusters"
    TOO_FEW_ITEMS = "too_few_items"
    ZERO_VARIANCE = "zero_variance"
    NEGATIVE_VARIANCE = "negative_variance"
    ONE_RATER = "one_rater"
    NO_OVERLAP = "no_overlap"
    ALL_MISSING = "all_missing"
    OBSERVERS_CONFOUNDED = "observers_confounded"
    SMALL_CELLS = "small_cells"
    NOT_POSITIVE_DEFINITE = "not_positive_definite"
    NOT_CONVERGED = "not_converged"
    NOT_IDENTIFIED = "not_identified"
    IMPROPER_SOLUTION = "improper_solution"
    TIES = "ties"
    ZERO_WEIGHTS = "zero_weights"
    PERFECT_SEPARATION = "perfect_separation"
    ONE_GROUP = "one_group"
    ONE_PERIOD = "one_period"
    NO_EVENTS = "no_events"
    LONELY_CLUSTER = "lonely_cluster"
    NOT_RECORDED = "not_recorded"
    SUPPRESSED = "suppressed"
    # Beside a value, where nothing is left from which to make an interval
    FEW_CLUSTERS = "few_clusters"
    CLUSTERS_ALIKE = "clusters_alike"
    PERFECT_AGREEMENT = "perfect_agreement"
    AT_BOUNDARY = "at_boundary"


@dataclass(frozen=True)
class Estimate:
    """A value with the ends of its interval; a reason where value or interval are missing.

    ``n`` counts the rows used and ``clusters`` the groups they come from (None where rows count
    as independent). ``method`` names how value and interval were made. ``low`` and ``high`` are
    never clamped: an interval that leaves the possible range says that the data are thin.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    clusters: int | None = None
    reason: str = ""
    method: str = ""

    def __post_init__(self) -> None:
        if self.value is None and not self.reason:
            raise ValueError("An estimate has either a value or a reason for having none.")
        if self.reason and (self.low, self.high) != (None, None):
            raise ValueError("An estimate has either an interval or a reason for having none.")
        for name in ("value", "low", "high"):
            number = getattr(self, name)
            if number is not None and not math.isfinite(number):
                raise ValueError(f"The {name} of an estimate must be a finite number or None.")
            # NumPy scalars would not survive the way into JSON.
            object.__setattr__(self, name, None if number is None else float(number))
        object.__setattr__(self, "n", int(self.n))
        object.__setattr__(self, "clusters", None if self.clusters is None else int(self.clusters))

    @classmethod
    def insufficient(cls, reason: str, n: int, clusters: int | None = None) -> Self:
        """No value, and the code of the reason."""
        return cls(None, None, None, n, clusters, Reason(reason))

    @property
    def sufficient(self) -> bool:
        return self.value is not None

    def as_dict(self) -> dict[str, Any]:
        """Plain types only, ready for JSON."""
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "n": self.n,
            "clusters": self.clusters,
            "reason": str(self.reason),
            "method": self.method,
            "sufficient": self.sufficient,
        }


def tail(confidence: float) -> float:
    """Probability in each tail: ``(1 − confidence) / 2``."""
    if not 0 < confidence < 1:
        raise ValueError("The confidence level must lie between 0 and 1, for example 0.95.")
    return (1 - confidence) / 2
