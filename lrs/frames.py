"""Statements as tidy frames."""

import pandas as pd
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from lrs.models import Statement

COLUMNS = {"day": "datetime64[us]", "verb": "str", "object": "str", "statements": "int64"}


def counts(statements: QuerySet[Statement]) -> pd.DataFrame:
    """How many statements by day, verb and object.

    Columns: ``day`` (datetime64, midnight, the time zone of the house), ``verb`` and ``object``
    (keys of lrs.keys), ``statements`` (int64). Days without statements have no row.
    """
    rows = (
        statements.order_by()
        .annotate(day=TruncDate("timestamp"))
        .values("day", "verb", "object")
        .annotate(statements=Count("pk"))
        .order_by("day", "verb", "object")
    )
    return pd.DataFrame.from_records(rows.values_list(*COLUMNS), columns=list(COLUMNS)).astype(
        COLUMNS
    )
