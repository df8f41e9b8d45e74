"""What kinds of unit are called, from the nearest unit above that says so.

Names change (guardería → CECI, delegación → OOAD): they are data of a unit, in each language, and
count for everything below it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language

from organisations.enums import PLURALS, UnitKind
from organisations.models import Unit, UnitLabel


@dataclass(frozen=True)
class Label:
    """One and several of a kind of unit."""

    singular: str | Promise
    plural: str | Promise


Table = Mapping[tuple[str, str, str], Label]


def table() -> Table:
    """All labels by (unit path, kind, language), in one query; they are few."""
    rows = UnitLabel.objects.values_list("unit__path", "kind", "language", "singular", "plural")
    return {(path, kind, language): Label(*words) for path, kind, language, *words in rows}


def resolve(labels: Table, kind: str, path: str, language: str = "") -> Label:
    """What ``kind`` is called at ``path``: nearest unit above that says so, else our own word."""
    language = language or (get_language() or "").split("-")[0]
    for end in range(len(path), 0, -Unit.steplen):
        found = labels.get((path[:end], kind, language))
        if found:
            return found
    return Label(UnitKind(kind).label, PLURALS[UnitKind(kind)])


def of_request(request) -> Table:
    """The table, read once per request."""
    if request is None:
        return table()
    if not hasattr(request, "_unit_labels"):
        request._unit_labels = table()
    return request._unit_labels
