"""Finding statements, newest first or oldest first, page by page."""

import datetime
import json
import time
from dataclasses import dataclass, field, replace
from typing import Any

from django.core import signing
from django.db import OperationalError, connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lrs import keys, mentions, positions
from lrs.models import Mention, Statement, Void
from lrs.validation import VOIDED, Malformed

SALT = "lrs.more"
# When this process looked last, and what it found
_looked: dict[str, Any] = {"at": float("-inf"), "moment": positions.EPOCH}
LOOKED_AT = 200  # statements, to find an agent's names


@dataclass(frozen=True)
class Search:
    """What a client asked for. Plain values, in and out of a cursor.

    ``keys`` (lrs.keys, in hexadecimal) must all be found on one statement, this one or one it
    refers to; the rarest first. ``low`` and ``high`` are the first position and the one past the
    last; ``form`` and ``attachments`` say how to answer; ``voided``: with those that are voided.
    """

    keys: list[str] = field(default_factory=list)
    low: int = 0
    high: int | None = None
    ascending: bool = False
    limit: int = 100
    credential: int | None = None
    form: str = "exact"
    attachments: bool = False
    voided: bool = False

    def to_cursor(self) -> str:
        """This search as text that nobody can alter."""
        return signing.dumps(vars(self), salt=SALT, compress=True)

    @classmethod
    def from_cursor(cls, cursor: str) -> "Search":
        try:
            return cls(**signing.loads(cursor, salt=SALT))
        except (signing.BadSignature, TypeError):
            raise Malformed("cursor", _("Take “more” as the store gave it.")) from None

    def beyond(self, position: int) -> "Search":
        """This search from past ``position`` on."""
        if self.ascending:
            return replace(self, low=position + 1)
        return replace(self, high=position)


def visible() -> QuerySet[Statement]:
    """Statements that are not voided; a voiding one cannot be (1.0.3, Part Two, 2.3.2)."""
    voided = Exists(Void.objects.filter(target=OuterRef("pk")))
    return Statement.objects.filter(Q(verb=VOIDED) | ~voided)


def voided() -> QuerySet[Statement]:
    """Statements that are voided."""
    return Statement.objects.filter(~Q(verb=VOIDED), pk__in=Void.objects.values("target"))


def page(search: Search) -> tuple[list[Statement], Search | None]:
    """The statements that ``search`` asks for, in order, and the search that goes on, if any."""
    found: list[Statement] = []
    onward = search
    while len(found) <= search.limit:
        rows = [getattr(row, "statement", row) for row in _rows(onward)[: search.limit + 1]]
        # A statement found by itself and by what it refers to comes twice, next to itself.
        for row in rows:
            if not found or row.position != found[-1].position:
                found.append(row)
        if len(rows) <= search.limit:
            break
        onward = onward.beyond(found[-1].position)
    more = None
    if len(found) > search.limit:
        del found[search.limit :]
        more = search.beyond(found[-1].position)
    return found, more


def names_of(agent: dict[str, Any]) -> list[str]:
    """What the newest statements that mention ``agent`` call it, newest first, each once."""
    key = keys.of_agent(agent)
    rows = Mention.objects.filter(key=keys.related(key)).order_by("-statement_id")
    texts = rows.values_list("statement__raw", flat=True)[:LOOKED_AT]
    agents = (one for text in texts for one in mentions.agents(json.loads(text)))
    names = (one["name"] for one in agents if "name" in one and keys.of_agent(one) == key)
    return list(dict.fromkeys(names))


def _rows(search: Search) -> QuerySet:
    """Statements or their mentions in the order of ``search``, perhaps one twice in a row."""
    order = "" if search.ascending else "-"
    if not search.keys:
        seen = Statement.objects.all() if search.voided else visible()
        rows = _between(seen, "position", search)
        if search.credential is not None:
            rows = rows.filter(credential=search.credential)
        return rows.order_by(f"{order}position")
    first, *others = (bytes.fromhex(key) for key in search.keys)
    rows = _between(Mention.objects.filter(key=first), "statement_id", search)
    for key in others:
        same = Mention.objects.filter(
            key=key, statement_id=OuterRef("statement_id"), source=OuterRef("source")
        )
        rows = rows.filter(Exists(same))
    if not search.voided:
        voided = Exists(Void.objects.filter(target=OuterRef("statement__id")))
        rows = rows.filter(Q(statement__verb=VOIDED) | ~voided)
    if search.credential is not None:
        rows = rows.filter(statement__credential=search.credential)
    return rows.order_by(f"{order}statement_id").select_related("statement")


def _between(rows: QuerySet, name: str, search: Search) -> QuerySet:
    if search.low:
        rows = rows.filter(**{f"{name}__gte": search.low})
    if search.high is not None:
        rows = rows.filter(**{f"{name}__lt": search.high})
    return rows


def consistent_through(*, at_least: float = 0.0) -> datetime.datetime:
    """Everything stored before this moment can be read now (2.1.3, X-Experience-API-…).

    What was found out up to ``at_least`` seconds ago holds still, and costs nothing.
    """
    if time.monotonic() - _looked["at"] > at_least:
        _looked.update(at=time.monotonic(), moment=_consistent_through())
    return _looked["moment"]


def _consistent_through() -> datetime.datetime:
    """A statement's moment is taken within the transaction that stores it, so what is still to
    come is not older than the oldest one open.
    """
    now = timezone.now()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT min(xact_start) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            (oldest,) = cursor.fetchone()
        return min(now, oldest) if oldest else now
    return _sqlite_consistent_through(now)


def _sqlite_consistent_through(now: datetime.datetime) -> datetime.datetime:
    """SQLite has one writer: if there is none, now; else the newest that can be read."""
    if connection.in_atomic_block:
        return now
    with connection.cursor() as cursor:
        (patience,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
        except OperationalError:
            return Statement.objects.values_list("stored", flat=True).first() or positions.EPOCH
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")
    return now
