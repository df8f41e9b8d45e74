"""A map says how to read somebody else's table of ratings: a TOML file, checked as a whole.

instrument = "teach"                    # code of the instrument that is made
name = { es = "…", en = "…" }           # or one text for all languages
layout = "wide"                         # one column an item; or "long": one row a rating
header_rows = 3
sheet = "Ratings"                       # XLSX only; the first sheet by default

[columns]                               # by heading ("Rater") or by letter ("C")
object = ["School"]                     # what was rated
rater = "Rater"
cluster = "School"                      # optional: what objects lie in
extra = ["Route"]                       # optional: further parts of the key
facts = { arm = "Group" }               # optional: what an analysis may name (arm, round, age …)
item = "Item"                           # long layout only
value = "Score"                         # long layout only

[read]
missing = ["", "?"]                     # not answered
not_applicable = ["N/A"]
replace = { "H?" = "H" }                # what is meant by odd entries

[scales.steps]
minimum = 1
maximum = 5
[scales.letters]
values = { L = 1, M = 2, H = 3 }

[[items]]
columns = ["E:H", "Warmth"]             # letters, ranges of letters, headings (long: item names)
scale = "steps"
domain = "ELE"
domain_name = { es = "…", en = "…" }
codes = ["E1", "E2"]                    # optional; else I001, I002 …
"""

from functools import cached_property
from typing import Annotated, Any, Literal, Self

import pydantic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic import AfterValidator, BeforeValidator, Field

from observation.models.instruments import DOMAIN_CODE_LENGTH
from observation.serializers.parts import Code, Part, Text, Value, read_toml, slug

MOST_STEPS = 1000


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _and_empty(entries: list[str]) -> list[str]:
    return sorted({"", *entries})


def _in_all_languages(value: Any) -> Any:
    languages = [code for code, _name in settings.LANGUAGES]
    return dict.fromkeys(languages, value) if isinstance(value, str) else value


Texts = Annotated[list[Text], BeforeValidator(_several)]
Name = Annotated[dict[Text, Text], BeforeValidator(_in_all_languages)]
Fact = Annotated[Text, Field(min_length=1, max_length=40), AfterValidator(slug)]


class ColumnMap(Part):
    object: Annotated[Texts, Field(min_length=1)]
    rater: Annotated[Text, Field(min_length=1)]
    cluster: Text = ""
    extra: Texts = []
    facts: dict[Fact, Text] = {}
    item: Text = ""
    value: Text = ""


class EntryMap(Part):
    """What odd entries mean; an empty cell is always missing."""

    missing: Annotated[Texts, AfterValidator(_and_empty)] = [""]
    not_applicable: Texts = []
    replace: dict[Text, Text] = {}


class ScaleMap(Part):
    minimum: Value | None = None
    maximum: Value | None = None
    values: dict[Text, Value] = {}

    @pydantic.model_validator(mode="after")
    def has_steps(self) -> Self:
        if not self.steps:
            raise ValueError(_("give “values”, or “minimum” below “maximum”."))
        if len(self.steps) > MOST_STEPS:
            raise ValueError(_("%(most)s steps are the most.") % {"most": MOST_STEPS})
        return self

    @cached_property
    def steps(self) -> dict[str, int]:
        """Which entries the scale knows, and the number each stands for."""
        if self.values or self.minimum is None or self.maximum is None:
            return self.values
        if self.minimum == self.maximum:
            return {}
        return {str(step): step for step in range(self.minimum, self.maximum + 1)}


class ItemMap(Part):
    """A run of columns with one scale and one domain."""

    columns: Annotated[Texts, Field(min_length=1)]
    scale: Text
    domain: Annotated[Text, Field(min_length=1, max_length=DOMAIN_CODE_LENGTH)]
    domain_name: Name = {}
    codes: list[Code] = []

    @property
    def domain_title(self) -> dict[str, str]:
        return self.domain_name or _in_all_languages(self.domain)


class RatingMap(Part):
    """A map, as read: see the head of this file."""

    instrument: Annotated[Code, AfterValidator(slug)]
    name: Name = {}
    layout: Literal["wide", "long"] = "wide"
    header_rows: Annotated[int, Field(strict=True, ge=1, le=20)] = 1
    sheet: Text = ""
    columns: ColumnMap
    read: EntryMap = EntryMap()
    scales: Annotated[dict[Code, ScaleMap], Field(min_length=1)]
    items: Annotated[list[ItemMap], Field(min_length=1)]

    @property
    def title(self) -> dict[str, str]:
        return self.name or _in_all_languages(self.instrument)


def read(content: bytes) -> RatingMap:
    """Read a map; whatever is wrong with it, ValidationError lists it all in sentences."""
    found = read_toml(RatingMap, content, _("The map is not valid TOML: %(error)s"))
    if problems := list(_problems(found)):
        raise ValidationError(problems)
    return found


def _problems(found: RatingMap):
    """What parts of the map, each right by itself, get wrong together."""
    if found.layout == "long" and not (found.columns.item and found.columns.value):
        yield _("A long table needs “columns.item” and “columns.value”.")
    for number, block in enumerate(found.items, start=1):
        if block.scale not in found.scales:
            yield _("“items.%(number)d.scale” is “%(scale)s”, which the map does not have.") % {
                "number": number,
                "scale": block.scale,
            }
