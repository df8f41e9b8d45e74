"""What the API gives, in words: kinds of values and the fields of an answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Parts = dict[str, dict[str, Any]]
# By format, else by type.
WORDS: dict[str, str | Promise] = {
    "uuid": gettext_lazy("UUID"),
    "date": gettext_lazy("day, as 2026-11-24"),
    "date-time": gettext_lazy("moment, as 2026-11-24T08:00:00Z"),
    "time": gettext_lazy("time, as 08:30:00"),
    "integer": gettext_lazy("whole number"),
    "number": gettext_lazy("number"),
    "boolean": gettext_lazy("true or false"),
    "string": gettext_lazy("text"),
    "object": gettext_lazy("names with their values"),
}


@dataclass(frozen=True)
class Field:
    """A parameter or a field of an answer; one inside another is named with a dot."""

    name: str
    says: str
    kind: str


def parameter(told: dict[str, Any], parts: Parts) -> Field:
    return Field(told["name"], told.get("description", "").strip(), kind(told["schema"], parts))


def fields(told: dict[str, Any], parts: Parts, within: str = "") -> Iterator[Field]:
    """The fields of a part, and of the parts within it."""
    for name, schema in told.get("properties", {}).items():
        inner = _resolved(schema, parts)
        says = schema.get("description") or schema.get("title") or ""
        yield Field(f"{within}{name}", says, kind(schema, parts))
        yield from fields(_resolved(inner.get("items", {}), parts), parts, f"{within}{name}.")


def row(told: dict[str, Any], parts: Parts) -> dict[str, Any]:
    """The part that an answer is, or that its list holds."""
    schema = told["responses"]["200"]["content"]["application/json"]["schema"]
    whole = _resolved(schema, parts)
    results = whole.get("properties", {}).get("results")
    return _resolved(results["items"], parts) if results else whole


def kind(schema: dict[str, Any], parts: Parts) -> str:
    """A kind of value in words, such as “day, as 2026-11-24, or null”."""
    told = _resolved(schema, parts)
    types = told.get("type", "object")
    types = [types] if isinstance(types, str) else types
    values = [str(value) for value in told.get("enum", []) if value is not None]
    given = [one for one in types if one != "null"]
    if "array" in given:
        words = _("list: %(kind)s") % {"kind": kind(told["items"], parts)}
    elif values:
        words = ", ".join(values)
    else:
        words = str(WORDS.get(told.get("format", ""), WORDS[given[0]]))
    return _("%(kind)s, or null") % {"kind": words} if "null" in types else words


def _resolved(schema: dict[str, Any], parts: Parts) -> dict[str, Any]:
    """What stands behind a reference."""
    for one in (schema, *schema.get("allOf", [])):
        if "$ref" in one:
            return parts[one["$ref"].rsplit("/", 1)[1]]
    return schema
