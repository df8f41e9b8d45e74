"""The numbers that a programme may change: planned minutes, planned days, limit of load."""

from collections.abc import Iterable

from django.db import transaction

from core import audit
from mentoring.models import LoadLimit, StepDefault
from organisations.models import User


@transaction.atomic
def change(*, steps: Iterable[StepDefault], mentees: int | None, by: User) -> None:
    """Keep the changed ``steps`` and the limit of load (None takes the warning away).

    Cycles already open keep the plan that they were opened with.
    """
    for step in steps:
        step.save()
        detail = {"minutes": step.minutes, "days": step.days_after_opening}
        audit.record("mentoring.change_default", step, by=by, detail={"step": step.kind} | detail)
    old = LoadLimit.objects.first()
    if mentees is None and old is not None:
        audit.record("mentoring.drop_load_limit", old, by=by)
        old.delete()
    elif mentees is not None and (old is None or old.mentees != mentees):
        limit, _created = LoadLimit.objects.update_or_create(pk=1, defaults={"mentees": mentees})
        audit.record("mentoring.change_load_limit", limit, by=by, detail={"mentees": mentees})
