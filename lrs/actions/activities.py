"""What activities are: definitions that come with statements, merged into one for each."""

from collections.abc import Iterable
from typing import Any

import simplejson

from lrs import keys, mentions
from lrs.models import Activity

# Merged by their names; the other properties of a definition are replaced.
MAPS = ("name", "description", "extensions")


def describe(statements: Iterable[dict[str, Any]]) -> None:
    """Keep the definitions in valid ``statements``, in a transaction of the caller's."""
    came: dict[bytes, tuple[str, dict[str, Any]]] = {}
    for statement in statements:
        for activity in mentions.activities(statement):
            if "definition" in activity:
                key = keys.of_activity(activity["id"])
                _iri, before = came.get(key, ("", {}))
                came[key] = activity["id"], merged(before, activity["definition"])
    if not came:
        return
    there = Activity.objects.in_bulk(came)
    known = {bytes(key): row for key, row in there.items()}
    changed = [
        key
        for key, (_iri, definition) in came.items()
        if key in known and _merge(known[key], definition)
    ]
    new = sorted(set(came) - set(known))
    # Always in the order of keys: writers that share activities cannot wait for each other.
    Activity.objects.bulk_create(
        [Activity(key=key, iri=came[key][0], definition=_text(came[key][1])) for key in new],
        ignore_conflicts=True,
    )
    if changed:
        locked = Activity.objects.select_for_update().filter(pk__in=changed).order_by("pk")
        for row in locked:
            if _merge(row, came[bytes(row.key)][1]):
                row.save(update_fields=["definition"])


def merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """``old`` as ``new`` describes it."""
    both = old | new
    for name in MAPS:
        if name in old and name in new:
            both[name] = old[name] | new[name]
    return both


def _merge(row: Activity, definition: dict[str, Any]) -> bool:
    """Put ``definition`` into ``row``; whether that changed anything."""
    before = row.definition
    row.definition = _text(merged(simplejson.loads(before, use_decimal=True), definition))
    return row.definition != before


def _text(definition: dict[str, Any]) -> str:
    return simplejson.dumps(definition, ensure_ascii=False)
