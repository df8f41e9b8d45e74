"""Statements about statements: what they void, and under what else they are found.

xAPI 1.0.3, Part Two, 2.3.2 (voiding); Part Three, 2.1.3: a statement that refers to another is
found under whatever finds that one, through a chain of them.
"""

import uuid
from collections.abc import Iterator

import simplejson

from lrs import mentions
from lrs.models import Mention, Statement, Void
from lrs.validation import VOIDED

LONGEST = 20  # steps of a chain; each costs a row for every key of every statement in it


def follow(rows: list[Statement], referred: set[uuid.UUID]) -> None:
    """Draw the consequences of new ``rows``, in the transaction that stored them.

    ``referred`` are the ids that statements refer to which were there before.
    """
    if voiders := {row.refers_to: row for row in rows if row.refers_to and row.verb == VOIDED}:
        known = set(Void.objects.filter(pk__in=voiders).values_list("pk", flat=True))
        Void.objects.bulk_create(
            [Void(target=target, by=row) for target, row in voiders.items() if target not in known]
        )
    referred = referred | {row.refers_to for row in rows if row.refers_to}
    for row in rows:
        if row.refers_to or row.pk in referred:
            _connect(row)


def _connect(row: Statement) -> None:
    """Let all that lead to ``row`` be found under what it leads to."""
    ends = [(one.position, mentions.of_statement(simplejson.loads(one.raw))) for one in _chain(row)]
    Mention.objects.bulk_create(
        [
            Mention(key=key, statement_id=start.position, source=source)
            for start in leading_to(row)
            for source, found in ends
            for key in found
        ],
        ignore_conflicts=True,
    )


def _chain(row: Statement) -> Iterator[Statement]:
    """``row``, what it refers to, what that refers to."""
    seen: set[uuid.UUID] = set()
    one: Statement | None = row
    while one is not None and one.pk not in seen and len(seen) < LONGEST:
        yield one
        seen.add(one.pk)
        one = Statement.objects.filter(pk=one.refers_to).first() if one.refers_to else None


def leading_to(row: Statement) -> list[Statement]:
    """``row``, what refers to it, what refers to that."""
    seen = {row.pk: row}
    outer = [row]
    for _step in range(LONGEST):
        around = Statement.objects.filter(refers_to__in=[one.pk for one in outer])
        outer = [one for one in around.only("pk", "position") if one.pk not in seen]
        if not outer:
            break
        seen |= {one.pk: one for one in outer}
    return list(seen.values())
