"""From how many parents on their answers may be shown."""

from django.db import transaction

from core import audit
from organisations.models import User
from visits.models import PublicRule


@transaction.atomic
def change(*, minimum_parents: int, by: User | None) -> PublicRule:
    """Keep another minimum; what was shown or computed before keeps the one it was made with."""
    values = {"minimum_parents": minimum_parents}
    rule, _created = PublicRule.objects.update_or_create(pk=1, defaults=values)
    audit.record("rules.change", rule, by=by, detail=values)
    return rule
