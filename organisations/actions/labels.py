"""Say what kinds of unit are called at a unit and below it."""

from django.db import transaction

from core import audit
from organisations.models import Unit, UnitLabel, User


@transaction.atomic
def choose(
    *, unit: Unit, kind: str, language: str, singular: str, plural: str, by: User | None
) -> UnitLabel | None:
    """Call ``kind`` so below ``unit`` in ``language``; both words empty: as further above.

    Without a difference nothing is written.
    """
    label = UnitLabel.objects.filter(unit=unit, kind=kind, language=language).first()
    if label is not None and not singular and not plural:
        audit.record("labels.remove", unit, by=by, detail={"kind": kind, "language": language})
        label.delete()
        return None
    if (not singular and not plural) or (
        label is not None and (label.singular, label.plural) == (singular, plural)
    ):
        return label
    label, _created = UnitLabel.objects.update_or_create(
        unit=unit,
        kind=kind,
        language=language,
        defaults={"singular": singular, "plural": plural},
    )
    audit.record("labels.choose", unit, by=by, detail={"kind": kind, "language": language})
    return label
