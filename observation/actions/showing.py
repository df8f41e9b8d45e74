"""From which size on a group is shown, and how exports are made."""

from typing import Any

from django.db import transaction

from core import audit
from observation.models import ShowingRule
from organisations.models import User


@transaction.atomic
def change(*, values: dict[str, Any], by: User) -> ShowingRule:
    """Keep other rules; exports that were made keep the days they were promised."""
    rule, _created = ShowingRule.objects.update_or_create(pk=1, defaults=values)
    audit.record("showing.change", rule, by=by, detail=values)
    return rule
