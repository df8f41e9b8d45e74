"""What the programme asks of official figures, and sessions brought back into them."""

from django.db import transaction

from core import audit
from observation import policies, queries
from observation.models import ObservationSession, QualityRules, Reinstatement
from organisations.models import User


@transaction.atomic
def change(*, rules: QualityRules, by: User) -> QualityRules:
    """Keep the rules as they were filled in; figures follow them from now on."""
    rules.pk = 1
    rules.save()
    names = [field.name for field in rules._meta.concrete_fields if not field.primary_key]
    detail = {name: getattr(rules, name) for name in names}
    detail["certified_from"] = str(rules.certified_from or "")
    audit.record("quality.change", rules, by=by, detail=detail)
    return rules


@transaction.atomic
def reinstate(*, session: ObservationSession, reason: str, by: User) -> Reinstatement:
    """Count a flagged official session again, for a ``reason`` that stays with it."""
    rows = queries.with_flags(ObservationSession.objects.filter(pk=session.pk))
    flagged = rows.select_for_update(of=("self",)).get()
    policies.reason_is_given(reason)
    policies.another_brings_it_back(flagged, by)
    policies.is_left_out(flagged)
    made = Reinstatement.objects.create(session=flagged, reason=reason.strip(), by=by)
    audit.record("quality.reinstate", flagged, by=by)
    return made
