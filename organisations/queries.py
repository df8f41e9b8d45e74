"""Questions asked of units and posts in more than one place."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet

from core import audit
from core.models import AuditRecord
from organisations import jurisdiction
from organisations.enums import Reach, UnitKind
from organisations.jurisdiction import below
from organisations.models import Post, Unit, User
from organisations.roles import holders

# Far below the number of parameters that any database takes in one statement.
BATCH = 500


def people_with(permission: str) -> QuerySet[User]:
    """People who hold ``permission`` somewhere today."""
    posts = Post.objects.in_force().filter(role__in=holders(permission))
    return User.objects.filter(pk__in=posts.values("user"))


def posts_of(people: Iterable[User]) -> Iterator[Post]:
    """All posts of ``people`` with their units, in order of their first day for each person."""
    waiting = iter(people)
    while batch := list(islice(waiting, BATCH)):
        posts = Post.objects.filter(user__in=batch)
        yield from posts.select_related("unit").order_by("user", "starts_on")


def tops(user: User, permission: str) -> QuerySet[Unit]:
    """The uppermost units at which ``user`` holds ``permission``."""
    return Unit.objects.filter(path__in=jurisdiction.paths(user, permission, Reach.BELOW))


def ancestors(unit: Unit) -> QuerySet[Unit]:
    """The units above ``unit``, from the country down; one query, whatever the depth."""
    step = Unit.steplen
    return Unit.objects.filter(path__in=[unit.path[: step * n] for n in range(1, unit.depth)])


def read_centres(units: Iterable[Unit]) -> None:
    """Fetch the centres of all rooms among ``units`` in one query, for their ``place``."""
    rooms = [unit for unit in units if unit.kind == UnitKind.ROOM]
    paths = {room.path[: -Unit.steplen] for room in rooms}
    centres = {unit.path: unit for unit in Unit.objects.filter(path__in=paths)} if paths else {}
    for room in rooms:
        room.centre = centres.get(room.path[: -Unit.steplen])


def audit_records(user: User) -> QuerySet[AuditRecord]:
    """The audit records of the units that ``user`` answers for.

    Records without a place (accounts, sign-ins) are for those who answer for a whole country.
    """
    paths = jurisdiction.paths(user, "organisations.audit", Reach.BELOW)
    if not paths:
        return AuditRecord.objects.none()
    rows = below(paths, "unit_path")
    if any(len(path) == Unit.steplen for path in paths):
        rows |= Q(unit_path="")
    records = AuditRecord.objects.filter(rows)
    for prefix in audit.hidden_from(jurisdiction.permissions(user)):
        records = records.exclude(action__startswith=prefix)
    return records


@dataclass(frozen=True)
class AuditFilter:
    """Which audit records: of a unit, an action, a person, from a moment until before another."""

    unit: Unit | None = None
    action: str = ""
    person: User | None = None
    start: datetime.datetime | None = None
    end: datetime.datetime | None = None

    def of(self, records: QuerySet[AuditRecord]) -> QuerySet[AuditRecord]:
        """Those of ``records`` that pass."""
        if self.unit is not None:
            records = records.filter(below([self.unit.path], "unit_path"))
        given = {
            "action": self.action or None,
            "actor_id": self.person.pk if self.person else None,
            "at__gte": self.start,
            "at__lt": self.end,
        }
        return records.filter(**{key: value for key, value in given.items() if value is not None})


def audit_page(
    records: QuerySet[AuditRecord], *, size: int, after: int | None = None
) -> list[AuditRecord]:
    """Up to ``size`` + 1 of ``records``, the newest first; the one more says that others follow.

    Goes on after the record with the id ``after``: no count and no offset, so that the millionth
    record is as near as the first.
    """
    last = AuditRecord.objects.filter(pk=after).first() if after is not None else None
    if last is not None:
        records = records.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    return list(records.order_by("-at", "-id")[: size + 1])


def own_account(user: User) -> dict[str, Any]:
    """What the account of ``user`` says, for herself."""
    return {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "joined": user.date_joined,
        "last_sign_in": user.last_login,
    }


def own_posts(user: User) -> list[dict[str, Any]]:
    """The posts of ``user``, past ones too."""
    return [
        {
            "role": post.role,
            "unit": post.unit.code,
            "from": post.starts_on,
            "to": post.ends_on,
        }
        for post in user.posts.select_related("unit")
    ]


def own_actions(user: User) -> list[dict[str, Any]]:
    """What ``user`` did, from the audit trail."""
    records = AuditRecord.objects.filter(actor_id=user.pk)
    return [dict(row) for row in records.values("at", "action", "model", "object_id")]


def own_sessions(user: User) -> list[dict[str, Any]]:
    """In which browsers ``user`` is signed in."""
    rows = UserSession.objects.filter(user=user).order_by("created_at")
    return [dict(row) for row in rows.values("created_at", "ip", "user_agent")]


def own_tokens(user: User) -> list[dict[str, Any]]:
    """The keys that ``user`` made for programs, without their secrets."""
    fields = ("name", "scopes", "made_at", "expires_on", "last_used_on", "revoked_at")
    return [dict(row) for row in user.access_tokens.values(*fields)]
