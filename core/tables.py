"""Tables that a phone shows as one block per row: each cell knows the head of its column.

The labels are set where a table is drawn: by hand each would stand in its template twice, and by
script only where scripts run. A pattern is reader enough: tables come from the house's templates,
and what people wrote is escaped, so that no “<” is theirs.
"""

import re
from collections.abc import Iterator
from itertools import islice

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
HEAD = re.compile(r"<thead\b.*?</thead>", re.DOTALL)
HEAD_CELL = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
TAG = re.compile(r'<(table|thead|tbody|tr|th|td)\b(?:[^>]*?\bcolspan="(\d+)")?')
# Said aloud because a browser forgets that a table is one where CSS gives it another display.
ROLES = {
    "table": "table",
    "thead": "rowgroup",
    "tbody": "rowgroup",
    "tr": "row",
    "th": "rowheader",
    "td": "cell",
}


def label_cells(html: str) -> SafeString:
    """``html`` with ``data-label``, the head of the column, on the cells of its tables."""
    return mark_safe(TABLE.sub(_labelled, html))  # noqa: S308 — as it came, and heads out of it


def _labelled(table: re.Match[str]) -> str:
    head = HEAD.search(table[0])
    if head is None:
        return table[0]
    labels = [_words(cell) for cell in HEAD_CELL.findall(head[0])]
    columns: Iterator[str] = iter(())

    def told(tag: re.Match[str]) -> str:
        nonlocal columns
        name, span = tag[1], int(tag[2] or 1)
        if name == "tr":
            columns = iter(labels)
        if tag.start() < head.end():
            return f'{tag[0]} role="{"columnheader" if name == "th" else ROLES[name]}"'
        label = [*islice(columns, span), ""][0] if name in ("th", "td") else ""
        said = f' data-label="{label}"' if label else ""
        return f'{tag[0]} role="{ROLES[name]}"{said}'

    return TAG.sub(told, table[0])


def _words(cell: str) -> str:
    """What a head says, still escaped as it came, and fit to stand in an attribute."""
    return " ".join(strip_tags(cell).split()).replace('"', "&quot;")
