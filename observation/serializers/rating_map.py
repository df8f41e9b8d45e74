"""A map says how to read somebody else's table of ratings: a TOML file, checked as a whole.

instrument = "teach"                    # code of the instrument that is made
name = { es = "…", en = "…" }
layout = "wide"                         # one column an item; or "long": one row a rating
header_rows = 3
sheet = "Ratings"                       # XLSX only; the first sheet by default

[columns]                               # by heading ("Rater") or by letter ("C")
object = ["School"]                     # what was rated
rater = "Rater"
cluster = "School"                      # optional: what objects lie in
extra = ["Route"]                       # optional: further parts of the key
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
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

KEYS = {
    "instrument",
    "name",
    "layout",
    "header_rows",
    "sheet",
    "columns",
    "read",
    "scales",
    "items",
}
COLUMN_KEYS = {"object", "rater", "cluster", "extra", "item", "value"}
READ_KEYS = {"missing", "not_applicable", "replace"}
SCALE_KEYS = {"minimum", "maximum", "values"}
ITEM_KEYS = {"columns", "scale", "domain", "domain_name", "codes"}


@dataclass(frozen=True)
class ScaleMap:
    """Which entries a scale knows, and the number each stands for."""

    code: str
    values: dict[str, int]
    lettered: bool

    @property
    def minimum(self) -> int:
        return min(self.values.values())

    @property
    def maximum(self) -> int:
        return max(self.values.values())


@dataclass(frozen=True)
class ItemMap:
    """A run of columns with one scale and one domain."""

    columns: list[str]
    scale: str
    domain: str
    domain_name: dict[str, str]
    codes: list[str]


@dataclass(frozen=True)
class RatingMap:
    """A map, as read: see the head of this file."""

    instrument: str
    name: dict[str, str]
    layout: str
    header_rows: int
    sheet: str
    object: list[str]
    rater: str
    cluster: str
    extra: list[str]
    item: str
    value: str
    missing: frozenset[str]
    not_applicable: frozenset[str]
    replace: dict[str, str]
    scales: dict[str, ScaleMap]
    items: list[ItemMap] = field(default_factory=list)


def read(content: bytes) -> RatingMap:
    """Read a map; whatever is wrong with it, ValidationError lists it all in sentences."""
    try:
        data = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValidationError(
            _("The map is not valid TOML: %(error)s") % {"error": error}
        ) from error
    if problems := list(_problems(data)):
        raise ValidationError(problems)
    columns, reading = data["columns"], data.get("read", {})
    return RatingMap(
        instrument=data["instrument"],
        name=data.get("name") or {"es": data["instrument"], "en": data["instrument"]},
        layout=data.get("layout", "wide"),
        header_rows=data.get("header_rows", 1),
        sheet=data.get("sheet", ""),
        object=_list(columns["object"]),
        rater=columns["rater"],
        cluster=columns.get("cluster", ""),
        extra=_list(columns.get("extra", [])),
        item=columns.get("item", ""),
        value=columns.get("value", ""),
        missing=frozenset(reading.get("missing", [""])) | {""},
        not_applicable=frozenset(reading.get("not_applicable", [])),
        replace=reading.get("replace", {}),
        scales={code: _scale(code, scale) for code, scale in data["scales"].items()},
        items=[_item(item) for item in data["items"]],
    )


def _problems(data: dict):
    """Sentences on whatever is wrong with the map."""
    yield from _unknown(data, KEYS, _("the map"))
    if not data.get("instrument") or slugify(data["instrument"]) != data["instrument"]:
        yield _("“instrument” must be a code of small letters, digits and hyphens.")
    if data.get("layout", "wide") not in ("wide", "long"):
        yield _("“layout” must be “wide” or “long”.")
    if not isinstance(data.get("header_rows", 1), int) or not 1 <= data.get("header_rows", 1) <= 20:
        yield _("“header_rows” must be a whole number from 1 to 20.")
    columns = data.get("columns", {})
    yield from _unknown(columns, COLUMN_KEYS, "[columns]")
    needed = ["object", "rater"] + (["item", "value"] if data.get("layout") == "long" else [])
    for name in needed:
        if not columns.get(name):
            yield _("[columns] must name “%(name)s”.") % {"name": name}
    yield from _unknown(data.get("read", {}), READ_KEYS, "[read]")
    yield from _scale_problems(data.get("scales", {}))
    yield from _item_problems(data.get("items", []), data.get("scales", {}))


def _unknown(table: dict, known: set[str], where: str):
    for key in sorted(set(table) - known):
        yield _("%(where)s has an entry “%(key)s” that is not known. Known are: %(known)s.") % {
            "where": where,
            "key": key,
            "known": ", ".join(sorted(known)),
        }


def _scale_problems(scales: dict):
    if not scales:
        yield _("The map needs at least one scale: [scales.NAME].")
    for code, scale in scales.items():
        where = f"[scales.{code}]"
        yield from _unknown(scale, SCALE_KEYS, where)
        values = scale.get("values")
        ends = (scale.get("minimum"), scale.get("maximum"))
        if values:
            if not all(isinstance(value, int) for value in values.values()):
                yield _("%(where)s: each value must be a whole number.") % {"where": where}
        elif not all(isinstance(end, int) for end in ends) or ends[0] >= ends[1]:
            yield _("%(where)s needs “values”, or “minimum” below “maximum”.") % {"where": where}
        elif ends[1] - ends[0] > 1000:
            yield _("%(where)s has more than 1,000 steps.") % {"where": where}


def _item_problems(items: list, scales: dict):
    if not items:
        yield _("The map needs at least one block of items: [[items]].")
    for number, item in enumerate(items, start=1):
        where = f"[[items]] {number}"
        yield from _unknown(item, ITEM_KEYS, where)
        if not item.get("columns"):
            yield _("%(where)s must name its “columns”.") % {"where": where}
        if not item.get("domain"):
            yield _("%(where)s must name its “domain”.") % {"where": where}
        if item.get("scale") not in scales:
            yield _("%(where)s names the scale “%(scale)s”, which the map does not have.") % {
                "where": where,
                "scale": item.get("scale", ""),
            }


def _scale(code: str, scale: dict) -> ScaleMap:
    if values := scale.get("values"):
        return ScaleMap(code, dict(values), lettered=True)
    steps = range(scale["minimum"], scale["maximum"] + 1)
    return ScaleMap(code, {str(step): step for step in steps}, lettered=False)


def _item(item: dict) -> ItemMap:
    name = item.get("domain_name") or {"es": item["domain"], "en": item["domain"]}
    return ItemMap(
        _list(item["columns"]), item["scale"], item["domain"], name, list(item.get("codes", []))
    )


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
