"""What every result of a declared report must keep to."""

from collections.abc import Iterator
from typing import Any

from analytics.reports.declaration import Kind, Report, Table


def undeclared(report: Report, result: dict[str, Any], names_groups: tuple[str, ...] = ()) -> list:
    """What ``result`` holds and ``report`` would not show: tables, columns, words and notes.

    ``names_groups``: columns of words that may hold the name of a fact of the data set.
    """
    found: list = [key for key in result if key not in {"about", "names", *keys(report)}]
    for section in report.sections:
        part = result[section.key]
        found += [key for key in part if key not in {"tables", "notes", "gates", "reason"}]
        found += [note for note in part.get("notes", []) if note["code"] not in report.notes]
        tables = {table.key: table for table in section.tables}
        for key, rows in part.get("tables", {}).items():
            known = key in tables
            found += _of_rows(tables[key], rows, names_groups) if known else [key]
    return found


def keys(report: Report) -> list[str]:
    return [section.key for section in report.sections]


def _of_rows(table: Table, rows: list[dict[str, Any]], names_groups) -> Iterator[tuple]:
    columns = {column.key: column for column in table.columns}
    for row in rows:
        for key, value in row.items():
            if key not in columns:
                yield table.key, key
                continue
            column = columns[key]
            asked = column.kind == Kind.WORD and key not in names_groups and value is not None
            if asked and str(value) not in column.words:
                yield table.key, key, value


def sentences(report: Report, result: dict[str, Any]) -> list[str]:
    """The codes of the reasons that the result gives, wherever it has no figure."""
    return sorted(set(_reasons([result[key] for key in keys(report)])))


def _reasons(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("reason"):
            yield value["reason"]
        for one in value.values():
            yield from _reasons(one)
    elif isinstance(value, list):
        for one in value:
            yield from _reasons(one)
