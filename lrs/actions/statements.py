"""Taking statements in. A statement is its own record of who did what: no audit record beside it.

Nothing is ever changed: the same id with the same content is accepted again, the same id with
other content is refused and nothing of the batch is kept.
"""

import datetime
import itertools
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

import simplejson
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from lrs import keys, mentions, positions
from lrs.actions import activities, attachments, deliveries, references, rows
from lrs.enums import Scope
from lrs.models import Credential, Mention, Statement
from lrs.multipart import Part
from lrs.sameness import fingerprint
from lrs.validation import Malformed, check_statement
from lrs.validation.rules import moment

VERSION = "1.0.3"
CHUNK = 1000
# Any number of its own: writers of plain statements share it, a writer of references has it alone.
REFERENCES = 0x785043


class Conflict(Exception):  # noqa: N818 — named after HTTP's 409
    """The store holds another statement with this id."""

    def __init__(self, statement_id: uuid.UUID):
        self.statement_id = statement_id
        super().__init__(
            _("The store holds another statement with the id %(id)s.") % {"id": statement_id}
        )


def store(
    statements: list[dict[str, Any]],
    *,
    credential: Credential | None = None,
    version: str = VERSION,
    files: dict[str, Part] | None = None,
) -> list[uuid.UUID]:
    """Check and keep ``statements``, all or none; return their ids in order.

    ``credential`` is the client, None for the house itself; ``files`` are the bytes of attachments
    by their hash. Raises ``Malformed`` and ``Conflict``.
    """
    several = len(statements) > 1
    for n, statement in enumerate(statements):
        check_statement(statement, f"[{n}]" if several else "", version=version)
    given = [
        statement | {"id": str(uuid.UUID(statement["id"]) if "id" in statement else uuid.uuid4())}
        for statement in statements
    ]
    _refuse_repeated(given)
    attachments.check(given, files or {})
    if files:
        attachments.keep(files)
    try:
        return _keep(given, credential, version)
    except IntegrityError:
        # Another request stored one of them in between, or stood at the same microsecond.
        return _keep(given, credential, version)


def store_many(
    statements: Iterable[dict[str, Any]], *, credential: Credential | None = None
) -> int:
    """Keep statements that the house made itself, in bulk and unchecked; return how many came.

    Each brings its id, so that a second run changes nothing, and may bring ``stored``.
    """
    now, count = timezone.now(), 0
    for chunk in _chunks(statements):
        with transaction.atomic():
            stand_in_line(alone=_refer(chunk))
            there, referred = _there([uuid.UUID(one["id"]) for one in chunk])
            new = [one for one in chunk if uuid.UUID(one["id"]) not in there]
            activities.describe(new)
            kept = _insert(
                [
                    _whole(one, credential, VERSION, _stored(one, now) + n * positions.MICROSECOND)
                    for n, one in enumerate(new, start=count)
                ],
                credential,
            )
            references.follow(kept, referred)
        count += len(chunk)
    return count


def authority(credential: Credential | None) -> dict[str, Any]:
    """2.4.9: who vouches for a statement: the client by its key, or the house."""
    name = credential.key if credential else "house"
    return {
        "objectType": "Agent",
        "account": {"homePage": settings.XAPI_HOME_PAGE, "name": name},
    }


@transaction.atomic
def _keep(
    given: list[dict[str, Any]], credential: Credential | None, version: str
) -> list[uuid.UUID]:
    """Keep those of ``given`` that are not there yet; they have ids."""
    stand_in_line(alone=_refer(given))
    ids = [uuid.UUID(one["id"]) for one in given]
    there, referred = _there(ids)
    for one in given:
        old = there.get(uuid.UUID(one["id"]))
        if old is not None and not _same(one, old):
            raise Conflict(old.pk)
    # The moment is taken last, within the transaction: see ``queries.consistent_through``.
    now = timezone.now()
    new = [one for one in given if uuid.UUID(one["id"]) not in there]
    if credential is None or credential.may(Scope.DEFINE):
        activities.describe(new)
    kept = _insert(
        [
            _whole(one, credential, version, now + n * positions.MICROSECOND)
            for n, one in enumerate(new)
        ],
        credential,
    )
    references.follow(kept, referred)
    return ids


def _refer(statements: list[dict[str, Any]]) -> bool:
    return any(one["object"].get("objectType") == "StatementRef" for one in statements)


def stand_in_line(*, alone: bool) -> None:
    """What a statement refers to and what refers to it must not pass each other unseen.

    SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        shared = "" if alone else "_shared"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock{shared}(%s)", [REFERENCES])


def _there(ids: list[uuid.UUID]) -> tuple[dict[uuid.UUID, Statement], set[uuid.UUID]]:
    """Statements with these ``ids``, and which of the ids statements refer to: one query."""
    rows = Statement.objects.filter(Q(pk__in=ids) | Q(refers_to__in=ids))
    there = {row.pk: row for row in rows.only("pk", "fingerprint", "timestamp", "refers_to")}
    asked = set(ids)
    referred = {row.refers_to for row in there.values() if row.refers_to in asked}
    return {pk: row for pk, row in there.items() if pk in asked}, referred


def _whole(
    statement: dict[str, Any],
    credential: Credential | None,
    version: str,
    stored: datetime.datetime,
) -> dict[str, Any]:
    """``statement`` with what a store adds (2.3.1), in the form that it gives back."""
    second = version.startswith("2")
    happened = statement.get("timestamp", stored.isoformat())
    if second:  # 2.0, 4.2.4.2: moments are kept in UTC
        happened = moment(happened, "timestamp").isoformat().replace("+00:00", "Z")
    whole = statement | {
        "timestamp": happened,
        "stored": stored.isoformat().replace("+00:00", "Z"),
        "authority": authority(credential),
        "version": statement.get("version", "2.0.0" if second else "1.0.0"),
    }
    return _with_lists(whole)


def _with_lists(statement: dict[str, Any]) -> dict[str, Any]:
    """2.4.6.2: a single context activity is given back as a list of one."""
    if "contextActivities" in statement.get("context", {}):
        lists = {
            name: some if isinstance(some, list) else [some]
            for name, some in statement["context"]["contextActivities"].items()
        }
        statement = statement | {"context": statement["context"] | {"contextActivities": lists}}
    if statement["object"].get("objectType") == "SubStatement":
        statement = statement | {"object": _with_lists(statement["object"])}
    return statement


def _insert(statements: list[dict[str, Any]], credential: Credential | None) -> list[Statement]:
    """Insert whole ``statements`` with all that finds them; return their rows."""
    new = [_row(one, credential) for one in statements]
    # In the order of ids: two batches with some in common would else wait for each other for ever.
    rows.insert(Statement, (rows.values(row) for row in sorted(new, key=lambda row: row.pk)))
    found = (
        (key, row.position, row.position)
        for row, one in zip(new, statements, strict=True)
        for key in mentions.of_statement(one)
    )
    rows.insert(Mention, sorted(found))
    deliveries.owe(new)
    return new


def _row(statement: dict[str, Any], credential: Credential | None) -> Statement:
    thing, stored = statement["object"], moment(statement["stored"], "stored")
    refers = thing.get("objectType") == "StatementRef"
    return Statement(
        id=uuid.UUID(statement["id"]),
        position=positions.of(stored),
        raw=simplejson.dumps(statement, ensure_ascii=False, separators=(",", ":")),
        fingerprint=fingerprint(statement),
        verb=keys.readable(statement["verb"]["id"]),
        object=keys.readable_object(thing),
        refers_to=uuid.UUID(thing["id"]) if refers else None,
        timestamp=moment(statement["timestamp"], "timestamp"),
        stored=stored,
        credential=credential,
    )


def _refuse_repeated(statements: list[dict[str, Any]]) -> None:
    """Communication 2.1.2: a batch does not hold the same id twice."""
    seen: set[str] = set()
    for n, statement in enumerate(statements):
        if statement["id"] in seen:
            raise Malformed(f"[{n}].id", _("This id stands twice in the batch."))
        seen.add(statement["id"])


def _same(new: dict[str, Any], old: Statement) -> bool:
    """2.3.1: the same statement come again; a moment left out says nothing against it."""
    if fingerprint(new) != old.fingerprint:
        return False
    return "timestamp" not in new or moment(new["timestamp"], "timestamp") == old.timestamp


def _stored(statement: dict[str, Any], now: datetime.datetime) -> datetime.datetime:
    return moment(statement["stored"], "stored") if "stored" in statement else now


def _chunks(statements: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    statements = iter(statements)
    while chunk := list(itertools.islice(statements, CHUNK)):
        yield chunk
