"""Open units and change what is said of them."""

from django.db import transaction

from core import audit
from organisations import policies
from organisations.models import Unit, User

CHANGEABLE = ("name", "provision", "age_group", "state_code", "closed_on")


@transaction.atomic
def open(  # noqa: A001 — read with its module: units.open(…)
    *, kind: str, code: str, name: str, parent: Unit | None, by: User | None, **fields
) -> Unit:
    """Open the unit ``code`` below ``parent`` (None for a country); ``fields`` as in CHANGEABLE.

    Raises Refusal where ``kind`` does not hang from the kind of ``parent``.
    """
    policies.hangs_from(kind, parent.kind if parent else None)
    values = {"kind": kind, "code": code, "name": name} | fields
    if parent is None:
        unit = Unit.add_root(**values)
    else:
        # treebeard trusts the child count of the object in hand: read it in this transaction.
        unit = Unit.objects.select_for_update().get(pk=parent.pk).add_child(**values)
    audit.record("units.open", unit, by=by, detail={"kind": kind, "code": code})
    return unit


@transaction.atomic
def change(*, unit: Unit, by: User | None, **fields) -> Unit:
    """Change ``fields`` (of CHANGEABLE) of ``unit``; without a difference nothing is written."""
    if unknown := set(fields) - set(CHANGEABLE):
        raise ValueError(f"These fields of a unit do not change: {', '.join(sorted(unknown))}.")
    changed = [name for name, value in fields.items() if getattr(unit, name) != value]
    if changed:
        for name in changed:
            setattr(unit, name, fields[name])
        unit.save(update_fields=changed)
        audit.record("units.change", unit, by=by, detail={"fields": sorted(changed)})
    return unit
