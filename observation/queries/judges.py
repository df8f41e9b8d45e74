"""Who mentors where, and therefore cannot judge there: posts, and what apps above register.

An app above says in ``AppConfig.ready`` where its rows show mentoring; one declaration serves the
question of one person as well as the flags of all official sessions, which are one SQL condition.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Left, Length

from observation.models import EvaluationRound
from organisations.models import Post, Unit
from organisations.roles import RoleCode


@dataclass(frozen=True)
class Mentoring:
    """Rows of ``model`` as mentoring: lookups of the person, the unit's path, first and last day.

    It counts in all rooms of the unit; an empty last day means that it still goes on.
    """

    model: type[Model]
    person: str
    path: str
    since: str
    until: str
    only: Q | None = None

    def there(self, *, person, path, since, until) -> QuerySet:
        """Rows by which ``person`` mentors at ``path`` between two days (all may be OuterRefs)."""
        over = Q(**{self.until: None}) | Q(**{f"{self.until}__gte": since})
        return self.model._default_manager.filter(
            over & (self.only or Q()),
            **{
                self.person: person,
                self.path: Left(path, Length(self.path)),
                f"{self.since}__lte": until,
            },
        ).order_by()


_declared = [
    Mentoring(Post, "user", "unit__path", "starts_on", "ends_on", Q(role=RoleCode.MENTOR)),
]


def register(mentoring: Mentoring) -> None:
    """Count the rows of ``mentoring`` too; again is harmless."""
    if mentoring not in _declared:
        _declared.append(mentoring)


def mentors_there(person, room: Unit, since: datetime.date, until: datetime.date) -> bool:
    """Whether ``person`` mentors in ``room`` on any day from ``since`` to ``until``."""
    at = {"person": person, "path": Value(room.path), "since": since, "until": until}
    return any(each.there(**at).exists() for each in _declared)


def rounds_of(room: Unit, on: datetime.date) -> QuerySet[EvaluationRound]:
    """Rounds in which ``room`` is evaluated on the day ``on``."""
    above = [room.path[: Unit.steplen * n] for n in range(1, room.depth + 1)]
    return EvaluationRound.objects.filter(unit__path__in=above, starts_on__lte=on, ends_on__gte=on)


def judged_by_a_mentor() -> Exists:
    """Of sessions: whether the observer mentors in the room within the round that they lie in."""
    session = {"person": OuterRef(OuterRef("observer")), "path": OuterRef(OuterRef("unit__path"))}
    within = {"since": OuterRef("starts_on"), "until": OuterRef("ends_on")}
    mentoring = [Q(Exists(each.there(**session, **within))) for each in _declared]
    rounds = EvaluationRound.objects.filter(
        Q(*mentoring, _connector=Q.OR),
        unit__path=Left(OuterRef("unit__path"), Length("unit__path")),
        versions=OuterRef("version"),
        starts_on__lte=OuterRef("observed_on"),
        ends_on__gte=OuterRef("observed_on"),
    )
    return Exists(rounds.order_by())
