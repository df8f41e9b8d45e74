"""The thresholds of the validity report, which a programme may change."""

from django.db import transaction

from analytics.models import Gate
from core import audit
from organisations.models import User


@transaction.atomic
def change(*, code: str, provisional: float, good: float, minimum_n: int, by: User) -> Gate:
    """Keep other thresholds for a gate; reports already computed keep those they were made with."""
    values = {"provisional": provisional, "good": good, "minimum_n": minimum_n}
    gate, _created = Gate.objects.update_or_create(code=code, defaults=values)
    audit.record("gates.change", gate, by=by, detail={"code": code} | values)
    return gate
