"""The entries of an analysis plan: which there are, of what kind, and within what bounds.

Whether they make a plan together is for ``measurement.evaluation.Plan`` to say.
"""

import math
from typing import Annotated, Any, Literal

import pydantic
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import AfterValidator, BeforeValidator, Field

from observation.serializers import sentences

MOST_SEED = 2**63 - 1  # what the database keeps of a run's seed
SENTENCES = sentences.SENTENCES | {
    "too_long": gettext_lazy("“%(entry)s” may have %(max_length)s entries at most."),
    "float_type": gettext_lazy("“%(entry)s” must be a number."),
    "finite_number": gettext_lazy("“%(entry)s” must be a number."),
    "greater_than": gettext_lazy("“%(entry)s” must be more than %(gt)s."),
    "literal_error": gettext_lazy("“%(entry)s” must be %(expected)s."),
}


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _label(value: Any) -> Any:
    """TOML knows infinite numbers, and texts with what PostgreSQL does not keep."""
    known = math.isfinite(value) if isinstance(value, int | float) else isinstance(value, str)
    if not known or "\x00" in str(value):
        raise ValueError(_("give a text or a number."))
    return value


Text = Annotated[str, Field(pattern="^[^\\x00]*$")]
Name = Annotated[Text, Field(min_length=1, max_length=64)]
Names = Annotated[list[Name], Field(max_length=100), BeforeValidator(_several)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Count = Annotated[int, Field(strict=True, ge=2, le=1_000_000)]


class Entries(pydantic.BaseModel):
    """What a plan may say; what it does not know is refused."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    question: Annotated[Text, Field(min_length=1, max_length=300)]
    design: Text
    primary: Annotated[Names, Field(min_length=1)]
    unit: Name
    cluster: Name
    seed: Annotated[int, Field(strict=True, ge=0, le=MOST_SEED)]
    version: Literal[1] = 1
    secondary: Names = []
    arm: Name | None = None
    treatment: Annotated[Any, AfterValidator(_label)] = None
    dose: Name | None = None
    period: Name | None = None
    after: Name | None = None
    start: Name | None = None
    strata: Name | None = None
    pairs: Name | None = None
    baselines: dict[Name, Name] = {}
    covariates: Names = []
    estimator: Text = ""
    alpha: Number = 0.05
    multiplicity: Text = "holm"
    minimum_n: Count = 30
    minimum_clusters: Count = 10
    resamples: Annotated[int, Field(strict=True, ge=100, le=100_000)] = 2000
    equivalence: dict[Name, Annotated[Number, Field(gt=0)]] = {}
    lower_is_better: Names = []
    reliability: Annotated[Number, Field(gt=0, le=1)] | None = None
    caliper: Annotated[Number, Field(gt=0)] = 0.2


def read(entries: dict[str, Any]) -> dict[str, Any]:
    """The entries with those not given; ValidationError names each that is wrong."""
    try:
        return Entries.model_validate(entries).model_dump()
    except pydantic.ValidationError as wrong:
        raise ValidationError([_sentence(error) for error in wrong.errors()]) from wrong


def _sentence(error: Any) -> str:
    steps = [step + 1 if isinstance(step, int) else step for step in error["loc"]]
    entry = ".".join(str(step) for step in steps if step != "[key]")
    facts = {
        name: f"{value:g}" if isinstance(value, float) else value
        for name, value in error.get("ctx", {}).items()
    }
    return str(SENTENCES[error["type"]]) % {"entry": entry, **facts}
