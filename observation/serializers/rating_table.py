"""A table of ratings, read by its map: a cell is a number, not applicable, missing or an error."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from observation.enums import RatingState
from observation.serializers.rating_columns import Columns
from observation.serializers.rating_map import RatingMap, ScaleMap

MOST_ERRORS = 50
LONGEST = 200  # characters that a session keeps of subject, rater, cluster and each fact
FACT = "fact "

Cell = tuple[str, int | None]  # state, value


@dataclass(frozen=True)
class TableItem:
    """An item of the table: where it stands and how it is answered."""

    code: str
    text: str
    scale: str
    domain: str
    column: int | None  # None in the long layout


@dataclass
class TableRow:
    """One object rated by one rater; ``line`` is its line in the file (long layout: the first)."""

    line: int
    key: tuple[str, ...]
    subject: str
    rater: str
    cluster: str
    cells: dict[str, Cell]
    facts: dict[str, str] = field(default_factory=dict)
    duplicate_of: int | None = None


@dataclass
class RatingTable:
    """What was read, or what is wrong with it.

    ``lines`` counts the filled lines of the file, ``duplicates`` those of them that repeat an
    earlier one exactly (long layout: they are read once).
    """

    items: list[TableItem] = field(default_factory=list)
    rows: list[TableRow] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lines: int = 0
    duplicates: int = 0


def read(grid: list[list[str]], rating_map: RatingMap) -> RatingTable:
    """Read ``grid`` (all cells as text, header rows included) by ``rating_map``.

    Nothing is guessed: an entry that the map does not explain is an error with line and column.
    A line that repeats an earlier one in every column of the file is an exact duplicate; one of
    the same key that differs anywhere is an error.
    """
    table = RatingTable()
    columns = Columns(grid, rating_map.header_rows, table.errors)
    if rating_map.layout == "long":
        _read_long(grid, rating_map, columns, table)
    else:
        _read_wide(grid, rating_map, columns, table)
    if len(table.errors) > MOST_ERRORS:
        more = len(table.errors) - MOST_ERRORS
        table.errors[MOST_ERRORS:] = [_("… and %(count)d more errors.") % {"count": more}]
    if not table.rows and not table.errors:
        table.errors.append(_("The file has headings but no rows."))
    return table


def _read_wide(
    grid: list[list[str]], rating_map: RatingMap, columns: Columns, table: RatingTable
) -> None:
    placed: list[tuple[int, TableItem]] = []
    for block in rating_map.items:
        found = columns.many(block.columns)
        codes = _codes(block.codes, len(found), len(placed), block.domain, table.errors)
        placed += [
            (i, TableItem(code, columns.name(i), block.scale, block.domain, i))
            for code, i in zip(codes, found, strict=False)
        ]
    table.items += [item for _column, item in placed]
    for column in _repeated(column for column, _item in placed):
        text = _("The column “%(name)s” stands twice among the items of the map.")
        table.errors.append(text % {"name": columns.name(column)})
    _check_codes(table)
    places = _places(rating_map, columns)
    if table.errors:
        return
    first: dict[tuple[str, ...], TableRow] = {}
    subjects: dict[str, TableRow] = {}
    for line, row in _lines(grid, rating_map.header_rows, columns, table):
        entry = _entry(row, line, places, columns, table)
        for column, item in placed:
            scale = rating_map.scales[item.scale]
            entry.cells[item.code] = _cell(row[column], scale, rating_map, (line, item.text), table)
        if (earlier := first.setdefault(entry.key, entry)) is entry:
            _check_cluster(entry, subjects.setdefault(entry.subject, entry), table)
        elif _repeats(entry, earlier.line, grid, columns, table):
            entry.duplicate_of = earlier.line
        table.rows.append(entry)


def _read_long(
    grid: list[list[str]], rating_map: RatingMap, columns: Columns, table: RatingTable
) -> None:
    places = _places(rating_map, columns)
    found = [*columns.find(rating_map.columns.item), *columns.find(rating_map.columns.value)]
    for block in rating_map.items:
        codes = _codes(
            block.codes, len(block.columns), len(table.items), block.domain, table.errors
        )
        table.items += [
            TableItem(code, name, block.scale, block.domain, None)
            for code, name in zip(codes, block.columns, strict=False)
        ]
    for name in _repeated(item.text for item in table.items):
        text = _("The item “%(name)s” stands twice among the items of the map.")
        table.errors.append(text % {"name": name})
    _check_codes(table)
    if table.errors:
        return
    item_column, value_column = found
    by_name = {item.text: item for item in table.items}
    rows: dict[tuple[str, ...], TableRow] = {}
    first: dict[tuple[tuple[str, ...], str], int] = {}
    subjects: dict[str, TableRow] = {}
    for line, row in _lines(grid, rating_map.header_rows, columns, table):
        name = row[item_column].strip()
        if name not in by_name:
            text = _("Line %(line)d: the map has no item “%(name)s”.")
            table.errors.append(text % {"line": line, "name": name})
            continue
        entry = _entry(row, line, places, columns, table)
        if (earlier := first.setdefault((entry.key, name), line)) != line:
            _repeats(entry, earlier, grid, columns, table)
            continue
        kept = rows.setdefault(entry.key, entry)
        _check_cluster(entry, subjects.setdefault(entry.subject, entry), table)
        _check_facts(entry, kept, table)
        scale = rating_map.scales[by_name[name].scale]
        kept.cells[by_name[name].code] = _cell(
            row[value_column], scale, rating_map, (line, name), table
        )
    for entry in rows.values():
        for item in table.items:
            entry.cells.setdefault(item.code, (RatingState.MISSING, None))
    table.rows += rows.values()


def _repeated(values: Iterable[Hashable]) -> list:
    return [value for value, times in Counter(values).items() if times > 1]


def _check_codes(table: RatingTable) -> None:
    # Those of the map may also meet those numbered through.
    for code in _repeated(item.code for item in table.items):
        text = _("Several items have the code “%(code)s”: give each its own in the map.")
        table.errors.append(text % {"code": code})


def _places(rating_map: RatingMap, columns: Columns) -> dict[str, list[int]]:
    """Where object, rater, cluster, the rest of the key and the facts stand."""
    return {
        "object": columns.many(rating_map.columns.object),
        "extra": columns.many(rating_map.columns.extra),
        "rater": columns.find(rating_map.columns.rater),
        "cluster": columns.find(rating_map.columns.cluster) if rating_map.columns.cluster else [],
        **{
            f"{FACT}{name}": columns.find(column)
            for name, column in rating_map.columns.facts.items()
        },
    }


def _lines(
    grid: list[list[str]], header_rows: int, columns: Columns, table: RatingTable
) -> Iterator[tuple[int, list[str]]]:
    """The filled rows with their line in the file; one that is not as wide as the table is wrong.

    Its cells may have slipped, by a comma too many or too few, and then stand in other columns.
    """
    for line, row in enumerate(grid[header_rows:], start=header_rows + 1):
        if not any(cell.strip() for cell in row):
            continue
        table.lines += 1
        if surplus := next((cell for cell in row[columns.reach :] if cell.strip()), ""):
            text = _("Line %(line)d: “%(value)s” stands beyond the last column of the table.")
            table.errors.append(text % {"line": line, "value": surplus[:40]})
        elif len(row) < columns.reach:
            text = _(
                "Line %(line)d ends after %(cells)d of %(columns)d columns. "
                "Write its empty cells, too."
            )
            told = {"line": line, "cells": len(row), "columns": columns.reach}
            table.errors.append(text % told)
        else:
            yield line, row


def _entry(
    row: list[str], line: int, places: dict[str, list[int]], columns: Columns, table: RatingTable
) -> TableRow:
    parts = {name: [row[i].strip() for i in indexes] for name, indexes in places.items()}
    # What tells rows apart belongs to what was rated: a room on another day is another subject.
    subject = " · ".join([*parts["object"], *parts["extra"]])
    rater, cluster = "".join(parts["rater"]), "".join(parts["cluster"])
    for name, value in ((_("what was rated"), "".join(parts["object"])), (_("the rater"), rater)):
        if not value:
            table.errors.append(
                _("Line %(line)d: %(name)s is empty.") % {"line": line, "name": name}
            )
    facts = {name: "".join(parts[name]) for name in places if name.startswith(FACT)}
    for value, indexes in (
        (subject, places["object"] + places["extra"]),
        (rater, places["rater"]),
        (cluster, places["cluster"]),
        *((fact, places[name]) for name, fact in facts.items()),
    ):
        if len(value) > LONGEST:
            text = _(
                "Line %(line)d, column “%(column)s”: the text has more than %(most)d characters."
            )
            named = ", ".join(columns.name(i) for i in indexes)
            table.errors.append(text % {"line": line, "column": named, "most": LONGEST})
    key = (*parts["object"], rater, *parts["extra"])
    told = {name.removeprefix(FACT): fact for name, fact in facts.items()}
    return TableRow(line, key, subject, rater, cluster, {}, told)


def _cell(
    text: str, scale: ScaleMap, rating_map: RatingMap, where: tuple[int, str], table: RatingTable
) -> Cell:
    """State and number of one cell; an entry outside the scale is an error, never a guess."""
    entry = rating_map.read.replace.get(text.strip(), text.strip())
    if entry in rating_map.read.missing:
        return RatingState.MISSING, None
    if entry in rating_map.read.not_applicable:
        return RatingState.NOT_APPLICABLE, None
    # Spreadsheets hand whole numbers over as "3.0".
    value = scale.steps.get(entry.removesuffix(".0"))
    if value is None:
        steps = list(scale.steps)
        known = ", ".join(steps) if len(steps) <= 12 else f"{steps[0]}–{steps[-1]}"
        text = _(
            "Line %(line)d, column “%(column)s”: “%(entry)s” is not on the scale (%(known)s). "
            "Correct it, or say in the map under [read] what it means."
        )
        table.errors.append(
            text % {"line": where[0], "column": where[1], "entry": entry, "known": known}
        )
        return RatingState.MISSING, None
    return RatingState.SCORED, value


def _repeats(
    entry: TableRow, earlier: int, grid: list[list[str]], columns: Columns, table: RatingTable
) -> bool:
    """Whether the line of ``entry`` repeats an earlier one of the same key; else that is an error.

    Compared as the file has them: “2” and “2?”, or two days in a column outside the map, may be
    two ratings, and only whoever knows the table can tell.
    """
    one, other = grid[earlier - 1], grid[entry.line - 1]
    differing = next((i for i in range(columns.reach) if one[i] != other[i]), None)
    if differing is None:
        table.duplicates += 1
        return True
    text = _(
        "Line %(line)d: “%(subject)s” was already rated by “%(rater)s” in line %(earlier)d, and "
        "column “%(column)s” differs. Correct or remove one of the two, or name under “extra” the "
        "column that tells them apart."
    )
    told = {"subject": entry.subject, "rater": entry.rater, "column": columns.name(differing)}
    table.errors.append(text % {"line": entry.line, "earlier": earlier, **told})
    return False


def _check_cluster(entry: TableRow, earlier: TableRow, table: RatingTable) -> None:
    """The same name in two clusters is two things: room 1 of one school and room 1 of another."""
    if entry.cluster != earlier.cluster:
        text = _(
            "Line %(line)d: “%(subject)s” lies in “%(cluster)s”, but in line %(earlier)d in "
            "“%(other)s”. Correct one of the two, or name the column under “object”, too."
        )
        told = {"subject": entry.subject, "cluster": entry.cluster, "other": earlier.cluster}
        table.errors.append(text % {"line": entry.line, "earlier": earlier.line, **told})


def _check_facts(entry: TableRow, earlier: TableRow, table: RatingTable) -> None:
    """The lines of one rating say the same of it."""
    for name, value in entry.facts.items():
        if value != earlier.facts[name]:
            text = _(
                "Line %(line)d: “%(name)s” of “%(subject)s” is “%(value)s”, but in line "
                "%(earlier)d “%(other)s”. Correct one of the two."
            )
            told = {"name": name, "subject": entry.subject, "value": value}
            lines = {"line": entry.line, "earlier": earlier.line}
            table.errors.append(text % {**told, **lines, "other": earlier.facts[name]})


def _codes(given: list[str], count: int, before: int, domain: str, errors: list[str]) -> list[str]:
    """The codes of a block of items: those of the map, or numbered through."""
    if given and len(given) != count:
        text = _("The items of “%(domain)s” have %(given)d codes for %(count)d columns.")
        errors.append(text % {"domain": domain, "given": len(given), "count": count})
    return given or [f"I{before + i:03d}" for i in range(1, count + 1)]
