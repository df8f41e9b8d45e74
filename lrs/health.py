"""How the store does: how much comes, how late, what is refused, how large it is."""

import datetime
import statistics
from dataclasses import dataclass

from django.apps import apps
from django.core.cache import cache
from django.db import OperationalError, connection
from django.db.models import BigIntegerField, Count, F, Sum, Value
from django.utils import timezone

from lrs import positions
from lrs.models import Attachment, Document, Erasure, RefusedRequest, Statement

LOOKED_AT = 1000  # statements, to tell how late they come
BRIEFLY = 300  # seconds that a size is good for: SQLite reads the whole file to tell it
MINUTE, HOUR, DAY = (datetime.timedelta(seconds=n) for n in (60, 3600, 86400))


@dataclass(frozen=True)
class Lag:
    """Between happening and being stored, of the newest statements."""

    statements: int
    median: datetime.timedelta | None = None
    p95: datetime.timedelta | None = None


@dataclass(frozen=True)
class Sizes:
    """``database`` in bytes, of the store's own tables; None where the database does not tell.

    ``refused``: requests noted in the last day.
    """

    statements: int
    documents: int
    attachments: int
    attachment_bytes: int
    unfinished: int
    refused: int
    database: int | None


def rates(
    span: datetime.timedelta, count: int, now: datetime.datetime
) -> list[tuple[datetime.datetime, int]]:
    """(beginning, statements stored) of the last ``count`` spans, the running one last.

    Spans begin on the local clock. Counted by position, the index that reads no row.
    """
    local = timezone.localtime(now)
    offset = local.utcoffset() or datetime.timedelta()
    width = span // positions.MICROSECOND << positions.BITS
    shift = offset // positions.MICROSECOND << positions.BITS
    last = (positions.first(now) + shift) // width
    rows = (
        Statement.objects.filter(position__gte=(last - count + 1) * width - shift)
        .order_by()
        .annotate(
            span=(F("position") + Value(shift, output_field=BigIntegerField()))
            / Value(width, output_field=BigIntegerField())
        )
        .values("span")
        .annotate(stored=Count("position"))
    )
    found = {row["span"]: row["stored"] for row in rows}
    return [
        ((positions.EPOCH + n * span - offset).astimezone(local.tzinfo), found.get(n, 0))
        for n in range(last - count + 1, last + 1)
    ]


def lag() -> Lag:
    rows = Statement.objects.order_by("-position").values_list("timestamp", "stored")[:LOOKED_AT]
    late = [(stored - happened).total_seconds() for happened, stored in rows]
    if not late:
        return Lag(0)
    p95 = statistics.quantiles(late, n=20, method="inclusive")[-1] if len(late) > 1 else late[0]
    return Lag(
        len(late),
        datetime.timedelta(seconds=round(statistics.median(late), 1)),
        datetime.timedelta(seconds=round(p95, 1)),
    )


def sizes() -> Sizes:
    files = Attachment.objects.aggregate(count=Count("pk"), bytes=Sum("length"))
    return Sizes(
        statements=Statement.objects.count(),
        documents=Document.objects.count(),
        attachments=files["count"],
        attachment_bytes=files["bytes"] or 0,
        unfinished=Erasure.objects.filter(finished_at=None).count(),
        refused=RefusedRequest.objects.filter(at__gte=timezone.now() - DAY).count(),
        database=cache.get_or_set("lrs.health.database", database, BRIEFLY),
    )


def database() -> int | None:
    """Bytes of the tables of this app with their indexes."""
    tables = [model._meta.db_table for model in apps.get_app_config("lrs").get_models()]
    marks = ", ".join(["%s"] * len(tables))
    with connection.cursor() as cursor:
        try:
            cursor.execute(_SIZE[connection.vendor].format(marks=marks), tables)
        except OperationalError:  # an SQLite built without dbstat
            return None
        (size,) = cursor.fetchone()
    return None if size is None else int(size)


_SIZE = {
    "postgresql": (
        "SELECT sum(pg_total_relation_size(oid)) FROM pg_class "
        "WHERE relkind = 'r' AND relname IN ({marks})"
    ),
    "sqlite": (
        "SELECT sum(pgsize) FROM dbstat WHERE name IN "
        "(SELECT name FROM sqlite_master WHERE tbl_name IN ({marks}))"
    ),
}
