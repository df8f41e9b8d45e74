"""Taking statements in. A statement is its own record of who did what: no audit record beside it.

Nothing is ever changed: the same id with the same content is accepted again, the same id with
other content is refused and nothing of the batch is kept.
"""

import datetime
import hashlib
import itertools
import json
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lrs import keys
from lrs.models import Credential, Statement
from lrs.validation import Malformed, check_statement
from lrs.validation.rules import moment

VERSION = "1.0.3"
# 2.3.1: what a store assigns itself, or the language of a label, makes no other statement
ASSIGNED = {"id", "stored", "authority", "version", "timestamp"}
CHUNK = 2000


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
) -> list[uuid.UUID]:
    """Check and keep ``statements``, all or none; return their ids in order.

    ``credential`` is the client, None for the house itself. Raises ``Malformed`` and ``Conflict``.
    """
    several = len(statements) > 1
    for n, statement in enumerate(statements):
        check_statement(statement, f"[{n}]" if several else "", version=version)
    now = timezone.now()
    rows = [_row(statement, credential, version, now) for statement in statements]
    _refuse_repeated(rows)
    dated = {row.id for row, given in zip(rows, statements, strict=True) if "timestamp" in given}
    try:
        _keep(rows, dated)
    except IntegrityError:
        # Another request stored one of them in between: what it stored is there to compare now.
        _keep(rows, dated)
    return [row.id for row in rows]


def store_many(
    statements: Iterable[dict[str, Any]], *, credential: Credential | None = None
) -> int:
    """Keep statements that the house made itself, in bulk and unchecked; return how many came.

    Each brings its id, so that a second run changes nothing, and may bring ``stored``.
    """
    now, count = timezone.now(), 0
    rows = (_row(statement, credential, VERSION, now, trusted=True) for statement in statements)
    for chunk in _chunks(rows):
        with transaction.atomic():
            there = Statement.objects.filter(pk__in=[row.id for row in chunk])
            known = set(there.values_list("pk", flat=True))
            Statement.objects.bulk_create([row for row in chunk if row.id not in known])
        count += len(chunk)
    return count


def authority(credential: Credential | None) -> dict[str, Any]:
    """2.4.9: who vouches for a statement: the client by its key, or the house."""
    name = credential.key if credential else "house"
    return {
        "objectType": "Agent",
        "account": {"homePage": settings.XAPI_HOME_PAGE, "name": name},
    }


def fingerprint(statement: dict[str, Any]) -> str:
    """SHA-256 of what makes a statement itself (2.3.1)."""
    essence = {name: value for name, value in statement.items() if name not in ASSIGNED}
    essence["verb"] = {"id": statement["verb"]["id"]}
    text = json.dumps(essence, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _row(
    statement: dict[str, Any],
    credential: Credential | None,
    version: str,
    now: datetime.datetime,
    *,
    trusted: bool = False,
) -> Statement:
    """The row of a checked statement; ``trusted`` ones may bring when they were stored."""
    stored = moment(statement["stored"], "stored") if trusted and "stored" in statement else now
    came = "timestamp" in statement
    happened = moment(statement["timestamp"], "timestamp") if came else now
    identity = uuid.UUID(statement["id"]) if "id" in statement else uuid.uuid4()
    kept = statement | {
        "id": str(identity),
        "timestamp": statement["timestamp"] if came else now.isoformat(),
        "stored": stored.isoformat(),
        "authority": authority(credential),
        "version": statement.get("version", "2.0.0" if version.startswith("2") else "1.0.0"),
    }
    registration = statement.get("context", {}).get("registration")
    return Statement(
        id=identity,
        raw=json.dumps(kept, ensure_ascii=False, separators=(",", ":")),
        fingerprint=fingerprint(statement),
        actor=keys.of_agent(statement["actor"]),
        verb=keys.of_iri(statement["verb"]["id"]),
        object=keys.of_object(statement["object"]),
        registration=uuid.UUID(registration) if registration else None,
        timestamp=happened,
        stored=stored,
        credential=credential,
    )


def _refuse_repeated(rows: list[Statement]) -> None:
    """Communication 2.1.2: a batch does not hold the same id twice."""
    seen: set[uuid.UUID] = set()
    for n, row in enumerate(rows):
        if row.id in seen:
            raise Malformed(f"[{n}].id", _("This id stands twice in the batch."))
        seen.add(row.id)


@transaction.atomic
def _keep(rows: list[Statement], dated: set[uuid.UUID]) -> None:
    """Keep ``rows``; ``dated`` are the ids of those whose moment the client gave."""
    there = Statement.objects.in_bulk([row.id for row in rows])
    for row in rows:
        if row.id in there and not _same(row, there[row.id], dated=row.id in dated):
            raise Conflict(row.id)
    Statement.objects.bulk_create([row for row in rows if row.id not in there])


def _same(new: Statement, old: Statement, *, dated: bool) -> bool:
    """2.3.1: the same statement come again; a moment left out says nothing against it."""
    if new.fingerprint != old.fingerprint:
        return False
    return not dated or new.timestamp == old.timestamp


def _chunks(rows: Iterable[Statement]) -> Iterator[list[Statement]]:
    rows = iter(rows)
    while chunk := list(itertools.islice(rows, CHUNK)):
        yield chunk
