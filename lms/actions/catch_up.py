"""Telling the record store what it was not told."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import models

from lms import statements
from lms.models import Enrolment, QuestionAnswer
from lrs.actions import statements as record_store
from lrs.models import Statement

CHUNK = 500


def tell_missing() -> int:
    """Store a statement for each fact that has none; return how many. Again: none."""
    enrolments = Enrolment.objects.select_related("lesson").order_by("pk")
    answers = QuestionAnswer.objects.select_related("enrolment__lesson").order_by("pk")
    return (
        _tell("initialized", enrolments.iterator(CHUNK), statements.initialized)
        + _tell("answered", answers.iterator(CHUNK), statements.answered)
        + _tell(
            "completed",
            enrolments.filter(completed_at__isnull=False).iterator(CHUNK),
            statements.completed,
        )
    )


def _tell(fact: str, rows: Iterable[models.Model], build: Callable[[Any], dict[str, Any]]) -> int:
    told = 0
    for chunk in _chunks(rows):
        by_id = {statements.fact_id(fact, row.pk): row for row in chunk}
        there = set(Statement.objects.filter(pk__in=by_id).values_list("pk", flat=True))
        missing = [build(row) for identity, row in by_id.items() if identity not in there]
        if missing:
            told += len(record_store.store(missing))
    return told


def _chunks(rows: Iterable[models.Model]) -> Iterator[list[models.Model]]:
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
