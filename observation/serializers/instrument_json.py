"""An instrument as a JSON document of our own: written, read, and described by a JSON Schema.

The document holds the content of one version, as ``actions.instruments.content_of`` gives it,
beside what names it. docs/instruments.md explains each entry.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

import pydantic
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field

from observation.actions import instruments
from observation.actions.cycles import MOST_CYCLES
from observation.enums import ItemKind, Moment, ScaleKind, ScoringRule
from observation.models import InstrumentVersion
from observation.models.instruments import CODE_LENGTH, DOMAIN_CODE_LENGTH
from observation.serializers.parts import NO_NUL, slug
from observation.serializers.sentences import sentence
from organisations.enums import AgeGroup

FORMAT = 1
MOST_STEPS, MOST_ITEMS = 100, 1000
# Kinds whose answer is a number of its own, so that it can be scored.
NUMERIC = frozenset(
    {
        *(ScaleKind.ORDINAL, ScaleKind.PRESENCE, ScaleKind.YES_NO, ScaleKind.YES_NO_UNSEEN),
        *(ScaleKind.INTEGER, ScaleKind.SNAPSHOTS),
    }
)
BOUNDED = frozenset({ScaleKind.ORDINAL, ScaleKind.PRESENCE})


Language = Literal["es", "en"]
Text = Annotated[str, Field(pattern=NO_NUL, min_length=1, max_length=4000)]
Texts = dict[Language, Text]
Name = Annotated[Texts, Field(min_length=1)]
Code = Annotated[str, Field(pattern=NO_NUL, min_length=1, max_length=CODE_LENGTH)]
DomainCode = Annotated[str, Field(pattern=NO_NUL, min_length=1, max_length=DOMAIN_CODE_LENGTH)]
Slug = Annotated[Code, AfterValidator(slug)]
Value = Annotated[int, Field(ge=-32768, le=32767)]
Minutes = Annotated[int, Field(ge=1, le=24 * 60)]
Months = Annotated[int, Field(ge=0, le=1200)]


class Part(pydantic.BaseModel):
    """A table of the document; what it does not name is refused, and no type is guessed."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, strict=True)


class Segment(Part):
    """A timed part of a cycle and the minutes at which the room is looked at for a moment."""

    code: Code
    name: Name
    minutes: Minutes
    snapshots: list[Annotated[int, Field(ge=0, le=24 * 60)]] = []


class Rules(Part):
    """How much is observed, and how answers become scores."""

    minimum_cycles: Annotated[int, Field(ge=1, le=MOST_CYCLES)]
    cycle_minutes: Minutes | None = None
    cycle_minutes_most: Minutes | None = None
    minimum_answered: Annotated[Decimal, Field(ge=0, le=1, decimal_places=2)] = Decimal("0.60")
    scoring: ScoringRule = ScoringRule.PERCENT
    moments_asked: bool = True
    routine_and_play: bool = True
    segments: list[Segment] = []


class Domain(Part):
    """A group of items that make one score."""

    code: DomainCode
    name: Name


class Option(Part):
    """One of several answers, or the word for a step of the scale.

    Without a label, the value is a moment of the day or speaks for itself.
    """

    value: Value | Code
    label: Texts = {}


class Scale(Part):
    """How items are answered."""

    code: Code
    kind: ScaleKind
    minimum: Value | None = None
    maximum: Value | None = None
    options: list[Option] = []

    @property
    def steps(self) -> set[str]:
        """The values that an anchor may describe; none where the scale has no two ends."""
        if self.minimum is None or self.maximum is None:
            return set()
        return {str(step) for step in range(self.minimum, self.maximum + 1)}

    @pydantic.model_validator(mode="after")
    def hangs_together(self) -> Self:
        low, high = self.minimum, self.maximum
        if self.kind in BOUNDED and (low is None or high is None):
            raise ValueError(_("give the lowest and the highest value."))
        if low is not None and high is not None and not low < high:
            raise ValueError(_("the lowest value must be below the highest."))
        if self.kind in BOUNDED and high - low >= MOST_STEPS:  # type: ignore[operator]  # both known above
            raise ValueError(_("%(most)s steps are the most.") % {"most": MOST_STEPS})
        if self.kind == ScaleKind.CHOICE and not self.options:
            raise ValueError(_("a choice needs options."))
        values = [str(option.value) for option in self.options]
        if len(set(values)) != len(values):
            raise ValueError(_("an option stands twice."))
        return self


class Item(Part):
    """One thing to look for."""

    code: Code
    kind: ItemKind
    domain: DomainCode
    scale: Code
    text: Name
    anchors: dict[Annotated[str, Field(pattern="^-?[0-9]{1,5}$")], Texts] = {}
    age_groups: list[AgeGroup] = []
    moments: list[Moment] = []
    age_min_months: Months | None = None
    age_max_months: Months | None = None
    na_allowed: bool = False
    na_rule: Texts = {}
    note: Texts = {}
    weight: Annotated[Decimal, Field(ge=0, le=Decimal("999.99"), decimal_places=2)] = Decimal("1")
    critical: bool = False


class Content(Part):
    rules: Rules
    domains: Annotated[list[Domain], Field(min_length=1)]
    scales: Annotated[list[Scale], Field(min_length=1)]
    items: Annotated[list[Item], Field(min_length=1, max_length=MOST_ITEMS)]


class Document(Part):
    """One version of an instrument."""

    model_config = pydantic.ConfigDict(title="Trenza instrument")

    format: Literal[1]
    code: Slug
    kind: Literal["checklist", "guide"]
    name: Name
    number: Annotated[int, Field(ge=1, le=32767)] = 1
    content: Content


def document(version: InstrumentVersion) -> dict[str, Any]:
    """``version`` as a document in plain JSON types."""
    instrument = version.instrument
    return {
        "format": FORMAT,
        "code": instrument.code,
        "kind": instrument.kind,
        "name": dict(instrument.name),
        "number": version.number,
        "content": instruments.content_of(version),
    }


def schema() -> dict[str, Any]:
    """The JSON Schema of a document (draft 2020-12)."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return dialect | Document.model_json_schema(mode="validation")


def read(content: bytes) -> dict[str, Any]:
    """The document in the bytes of a file; its content in the canonical form.

    Raises ValidationError with a sentence for each mistake, which names its place.
    """
    try:
        found = Document.model_validate_json(content)
    except pydantic.ValidationError as wrong:
        raise ValidationError([_said(error) for error in wrong.errors()]) from wrong
    return _checked(found)


def accept(found: Any) -> dict[str, Any]:
    """The document in plain types, such as another format was read into. Raises as ``read``."""
    return read(json.dumps(found).encode())


def _checked(found: Document) -> dict[str, Any]:
    if problems := list(_problems(found.content)):
        raise ValidationError(problems)
    plain = found.model_dump(mode="json", exclude_unset=True)
    content = instruments.canonical(plain["content"])
    return plain | {"format": FORMAT, "number": found.number, "content": content}


def _said(error: Any) -> str:
    if error["type"] == "json_invalid":
        place = re.search(r"line (\d+) column (\d+)", error["ctx"]["error"])
        line, column = place.groups() if place else ("1", "1")
        return _("This is not valid JSON: look at line %(line)s, place %(column)s.") % {
            "line": line,
            "column": column,
        }
    return sentence(error if error["loc"] else error | {"loc": ("document",)})


def _problems(content: Content) -> Iterator[str]:
    """What parts of the content, each right by itself, get wrong together."""
    for name in ("domains", "scales", "items"):
        codes = [part.code for part in getattr(content, name)]
        for number, code in enumerate(codes, start=1):
            if codes.index(code) < number - 1:
                yield _("“%(entry)s” is “%(code)s”, which stands already above.") % {
                    "entry": f"content.{name}.{number}.code",
                    "code": code,
                }
    most, least = content.rules.cycle_minutes_most, content.rules.cycle_minutes
    if most is not None and least is not None and most < least:
        yield _("“%(entry)s” is below the least minutes of a cycle.") % {
            "entry": "content.rules.cycle_minutes_most"
        }
    domains = {domain.code for domain in content.domains}
    scales = {scale.code: scale for scale in content.scales}
    for number, item in enumerate(content.items, start=1):
        for name, sentence_ in _item_problems(item, domains, scales):
            yield _("“%(entry)s”: %(error)s") % {
                "entry": f"content.items.{number}.{name}",
                "error": sentence_,
            }


def _item_problems(
    item: Item, domains: set[str], scales: dict[str, Scale]
) -> Iterator[tuple[str, str]]:
    if item.domain not in domains:
        yield "domain", _("the document has no domain “%(code)s”.") % {"code": item.domain}
    if item.scale not in scales:
        yield "scale", _("the document has no scale “%(code)s”.") % {"code": item.scale}
        return
    scale = scales[item.scale]
    if item.kind == ItemKind.SCORED and scale.kind not in NUMERIC:
        yield "scale", _("a scored item needs a scale whose answers are numbers.")
    if item.kind == ItemKind.ALERT and scale.kind not in (ScaleKind.PRESENCE, ScaleKind.YES_NO):
        yield "scale", _("a treatment alert is present or absent.")
    if strange := sorted(set(item.anchors) - scale.steps):
        yield (
            "anchors",
            _("no step of the scale: %(steps)s.") % {"steps": ", ".join(strange)},
        )
    low, high = item.age_min_months, item.age_max_months
    if low is not None and high is not None and high < low:
        yield "age_max_months", _("below the age from which the item applies.")
