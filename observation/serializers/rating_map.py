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

import tomllib
from functools import cached_property
from typing import Annotated, Any, Literal, Self

import pydantic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import AfterValidator, BeforeValidator, Field

from observation.models.instruments import CODE_LENGTH, DOMAIN_CODE_LENGTH

MOST_STEPS = 1000


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _and_empty(entries: list[str]) -> list[str]:
    return sorted({"", *entries})


def _in_all_languages(value: Any) -> Any:
    languages = [code for code, _name in settings.LANGUAGES]
    return dict.fromkeys(languages, value) if isinstance(value, str) else value


def _slug(value: str) -> str:
    if slugify(value) != value:
        raise ValueError(_("write small letters, digits and hyphens."))
    return value


# PostgreSQL keeps no NUL in a text, and ratings in two bytes.
Text = Annotated[str, Field(pattern="^[^\\x00]*$")]
Code = Annotated[Text, Field(min_length=1, max_length=CODE_LENGTH)]
Texts = Annotated[list[Text], BeforeValidator(_several)]
Name = Annotated[dict[Text, Text], BeforeValidator(_in_all_languages)]
Fact = Annotated[Text, Field(min_length=1, max_length=40), AfterValidator(_slug)]
Value = Annotated[int, Field(strict=True, ge=-32768, le=32767)]


class Part(pydantic.BaseModel):
    """A table of the map; what it does not name is refused."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


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

    instrument: Annotated[Code, AfterValidator(_slug)]
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


SENTENCES = {
    "missing": gettext_lazy("“%(entry)s” is missing."),
    "extra_forbidden": gettext_lazy("“%(entry)s” is not known."),
    "string_type": gettext_lazy("“%(entry)s” must be a text."),
    "string_pattern_mismatch": gettext_lazy("“%(entry)s” holds a character that cannot be kept."),
    "string_too_short": gettext_lazy("“%(entry)s” is empty."),
    "string_too_long": gettext_lazy("“%(entry)s” may have %(max_length)s letters at most."),
    "too_short": gettext_lazy("“%(entry)s” is empty."),
    "list_type": gettext_lazy("“%(entry)s” must be a list."),
    "dict_type": gettext_lazy("“%(entry)s” must be a table."),
    "model_type": gettext_lazy("“%(entry)s” must be a table."),
    "literal_error": gettext_lazy("“%(entry)s” must be “wide” or “long”."),
    "int_type": gettext_lazy("“%(entry)s” must be a whole number."),
    "greater_than_equal": gettext_lazy("“%(entry)s” must be %(ge)s or more."),
    "less_than_equal": gettext_lazy("“%(entry)s” must be %(le)s or less."),
    "value_error": gettext_lazy("“%(entry)s”: %(error)s"),
}


def read(content: bytes) -> RatingMap:
    """Read a map; whatever is wrong with it, ValidationError lists it all in sentences."""
    try:
        found = RatingMap.model_validate(tomllib.loads(content.decode()))
    except pydantic.ValidationError as wrong:
        raise ValidationError([sentence(error) for error in wrong.errors()]) from wrong
    except (ValueError, RecursionError) as error:  # also a number or a nesting beyond all bounds
        raise ValidationError(
            _("The map is not valid TOML: %(error)s") % {"error": error}
        ) from error
    if problems := list(_problems(found)):
        raise ValidationError(problems)
    return found


def sentence(error: Any) -> str:
    """What is wrong with an entry, named by its path; blocks of items count from 1."""
    steps = [step + 1 if isinstance(step, int) else step for step in error["loc"]]
    entry = ".".join(str(step) for step in steps if step != "[key]")
    known = SENTENCES.get(error["type"], gettext_lazy("“%(entry)s” cannot be read."))
    return known % {"entry": entry, **error.get("ctx", {})}


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
