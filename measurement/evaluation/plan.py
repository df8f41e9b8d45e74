"""What will be compared, and how: written down and fixed before the outcomes are looked at."""

import hashlib
import json
from collections.abc import Hashable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from measurement.evaluation.matching import METHODS
from measurement.evaluation.multiplicity import RULES
from measurement.evaluation.staggered import CONTROLS

VERSION = 1
# The first estimator of a design is the one taken where the plan names none.
ESTIMATORS = {
    "cluster_trial": ("ancova",),
    "matched": METHODS,
    "did": ("two_way", "two_by_two"),
    "staggered": CONTROLS,
    "dose": ("linear",),
}
# The columns that a design cannot do without, and what each of them is.
ROLES = {
    "arm": "who was mentored",
    "start": "the period in which mentoring began",
    "period": "the period of each row",
    "after": "whether a row is before (0) or after (1)",
    "dose": "how much mentoring each unit had",
}
NEEDS = {
    "cluster_trial": ("arm",),
    "matched": ("arm",),
    "did": ("arm", "period"),
    "staggered": ("start", "period"),
    "dose": ("dose",),
}
WESTFALL_YOUNG = "westfall_young"


@dataclass(frozen=True)
class Plan:
    """An analysis plan as data. Columns are named, never numbers of the data.

    ``primary`` and ``secondary``: outcomes, two families for the ``multiplicity`` rule ("none",
    "holm", "bh", or in a cluster trial "westfall_young"). ``unit``: column that names the room;
    ``cluster``: the centre. ``baselines``: outcome → its score before. ``equivalence``: outcome →
    the largest difference (in its unit) that would not matter. ``lower_is_better``: outcomes where
    a fall is the gain. ``reliability``: of the baseline, for a dose that followed what lies behind
    the score. ``caliper``: of a matched design. ``arm`` of a "did": treated now (two_way) or
    in the treated arm (two_by_two, which takes ``after`` instead of ``period``).
    """

    question: str
    design: str
    primary: tuple[str, ...]
    unit: str
    cluster: str
    seed: int
    secondary: tuple[str, ...] = ()
    arm: str | None = None
    treatment: Hashable = None
    dose: str | None = None
    period: str | None = None
    after: str | None = None
    start: str | None = None
    strata: str | None = None
    pairs: str | None = None
    baselines: Mapping[str, str] = field(default_factory=dict)
    covariates: tuple[str, ...] = ()
    estimator: str = ""
    alpha: float = 0.05
    multiplicity: str = "holm"
    minimum_n: int = 30
    minimum_clusters: int = 10
    resamples: int = 2000
    equivalence: Mapping[str, float] = field(default_factory=dict)
    lower_is_better: tuple[str, ...] = ()
    reliability: float | None = None
    caliper: float | None = 0.2

    @property
    def outcomes(self) -> tuple[str, ...]:
        return (*self.primary, *self.secondary)

    @property
    def chosen_estimator(self) -> str:
        return self.estimator or ESTIMATORS[self.design][0]

    @property
    def needed(self) -> tuple[str, ...]:
        """Roles without which the design cannot be computed."""
        if self.design == "did" and self.chosen_estimator == "two_by_two":
            return ("arm", "after")
        return NEEDS[self.design]

    def columns(self, outcome: str) -> list[str]:
        """Every column that the plan uses for one outcome, once each."""
        roles = [getattr(self, role) for role in (*self.needed, "strata", "pairs")]
        own = [outcome, self.unit, self.cluster, self.baselines.get(outcome), *self.covariates]
        return list(dict.fromkeys(c for c in (*own, *roles) if c))

    def canonical_bytes(self) -> bytes:
        """The same plan gives the same bytes: JSON with sorted keys, in UTF-8."""
        content = {"version": VERSION, **asdict(self)}
        text = json.dumps(
            content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
        return text.encode()

    def sha256(self) -> str:
        return hashlib.sha256(self.canonical_bytes()).hexdigest()

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Self:
        """A plan as it was stored (see ``canonical_bytes``); lists become tuples."""
        known = {f.name for f in fields(cls)}
        given = {key: value for key, value in content.items() if key != "version"}
        unknown = sorted(set(given) - known)
        if unknown:
            raise ValueError(f"A plan has no entries named {', '.join(unknown)}.")
        if content.get("version", VERSION) != VERSION:
            raise ValueError(f"This is a plan of version {content['version']}, not {VERSION}.")
        absent = sorted({"question", "design", "primary", "unit", "cluster", "seed"} - set(given))
        if absent:
            raise ValueError(f"The plan does not say: {', '.join(absent)}.")
        entries: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in given.items()
        }
        return cls(**entries)

    def problems(self) -> list[str]:
        """What keeps the plan from being run, each as a sentence; empty when nothing does."""
        if self.design not in ESTIMATORS:
            return [f"The design must be one of {', '.join(ESTIMATORS)}."]
        if self.estimator and self.estimator not in ESTIMATORS[self.design]:
            choices = ", ".join(ESTIMATORS[self.design])
            return [f"The estimator of this design must be one of {choices}."]
        found = [
            f"The plan must name the column that says {ROLES[role]} ({role})."
            for role in self.needed
            if not getattr(self, role)
        ]
        checks = {
            "The plan needs a question in words.": self.question.strip(),
            "The plan needs at least one primary outcome.": self.primary,
            "The plan must name the columns of unit and cluster.": self.unit and self.cluster,
            "No outcome can stand in the plan twice.": len(set(self.outcomes))
            == len(self.outcomes),
            "The level alpha must lie between 0 and 0.5, for example 0.05.": 0 < self.alpha < 0.5,
            "The least number of rows must be 2 or more, that of clusters too.": min(
                self.minimum_n, self.minimum_clusters
            )
            >= 2,
            "The number of resamples must be at least 100.": self.resamples >= 100,
            "A design has either strata or pairs.": not (self.strata and self.pairs),
            "A reliability lies above 0 and at most at 1.": self.reliability is None
            or 0 < self.reliability <= 1,
            "A reliability is of use in the design dose only.": self.reliability is None
            or self.design == "dose",
            "A matched design finds its own pairs.": not (self.design == "matched" and self.pairs),
            "A matched design needs covariates, or a baseline of each outcome, to match on.": (
                self.design != "matched"
                or bool(self.covariates)
                or {*self.outcomes} <= {*self.baselines}
            ),
            "Strata and pairs belong to a cluster trial.": self.design == "cluster_trial"
            or not (self.strata or self.pairs),
            "An outcome cannot be its own baseline.": all(
                k != v for k, v in self.baselines.items()
            ),
            "A difference that would not matter must be above 0.": all(
                bound > 0 for bound in self.equivalence.values()
            ),
        }
        found += [sentence for sentence, good in checks.items() if not good]
        return found + self._about_names() + self._about_rule()

    def _about_names(self) -> list[str]:
        named = {
            "Baselines": self.baselines,
            "Equivalence bounds": self.equivalence,
            "Outcomes where lower is better": self.lower_is_better,
        }
        found = []
        for what, names in named.items():
            others = sorted(set(names) - set(self.outcomes))
            if others:
                found.append(f"{what} are given for what is no outcome: {', '.join(others)}.")
        if self.baselines and self.design in ("did", "staggered"):
            found.append("A difference in differences takes its baseline from the rows before.")
        return found

    def _about_rule(self) -> list[str]:
        if self.multiplicity == WESTFALL_YOUNG:
            fits = self.design == "cluster_trial"
            return [] if fits else ["The rule westfall_young needs a cluster trial."]
        if self.multiplicity not in RULES:
            return [f"The multiplicity rule must be one of {', '.join([*RULES, WESTFALL_YOUNG])}."]
        return []
