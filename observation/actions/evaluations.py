"""Official rounds: opened, changed, and who evaluates which room when."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.refusals import Refusal
from observation import policies
from observation.models import (
    CodingPair,
    EvaluationRound,
    InstrumentVersion,
    RoundAssignment,
)
from organisations.models import Unit, User


@transaction.atomic
def keep(
    *, evaluation: EvaluationRound, versions: Iterable[InstrumentVersion], by: User
) -> EvaluationRound:
    """Open a new round, or change one: where, its name, its days and its instruments."""
    new = evaluation.pk is None
    evaluation.save()
    evaluation.versions.set(versions)
    detail = {"from": str(evaluation.starts_on), "to": str(evaluation.ends_on)}
    audit.record(
        "evaluations.open" if new else "evaluations.change", evaluation, by=by, detail=detail
    )
    return evaluation


@transaction.atomic
def assign(
    *,
    evaluation: EvaluationRound,
    rooms: Iterable[Unit],
    observer: User,
    planned_on: datetime.date,
    by: User,
) -> list[RoundAssignment]:
    """Have ``observer`` evaluate ``rooms`` on a day of the round; all of them, or none."""
    made = []
    for room in rooms:
        policies.lies_in_the_round(evaluation, room, planned_on)
        policies.room_is_open(room, planned_on)
        policies.observer_may_record(observer, room)
        policies.mentor_is_not_the_judge(observer, room, "official", planned_on)
        visit, new = RoundAssignment.objects.get_or_create(
            round=evaluation, room=room, planned_on=planned_on, defaults={"observer": observer}
        )
        if visit.observer != observer:
            raise Refusal(
                _("%(other)s evaluates “%(room)s” on that day. Choose another day.")
                % {"other": visit.observer, "room": room}
            )
        if new:
            detail = {"observer": observer.pk, "on": str(planned_on)}
            audit.record("evaluations.assign", visit, by=by, detail=detail)
        made.append(visit)
    return made


@transaction.atomic
def release(*, visit: RoundAssignment, by: User) -> None:
    """Take an official visit back; one that was drawn for double coding stays."""
    if CodingPair.objects.filter(visit=visit.reference, cancelled_at=None).exists():
        raise Refusal(_("This visit was drawn for double coding. Cancel the double coding first."))
    audit.record("evaluations.release", visit, by=by, detail={"observer": visit.observer_id})
    visit.delete()
