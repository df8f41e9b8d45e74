"""A table of ratings, read by its map: a cell is a number, not applicable, missing or an error."""

import re
from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string, get_column_letter

from observation.enums import RatingState
from observation.serializers.rating_map import RatingMap, ScaleMap

MOST_ERRORS = 50
LETTERS = re.compile(r"[A-Z]{1,3}")
RANGE = re.compile(r"([A-Z]{1,3}):([A-Z]{1,3})")

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
    duplicate_of: int | None = None


@dataclass
class RatingTable:
    """What was read, or what is wrong with it."""

    items: list[TableItem] = field(default_factory=list)
    rows: list[TableRow] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def duplicates(self) -> int:
        """Rows that repeat an earlier one exactly."""
        return sum(row.duplicate_of is not None for row in self.rows)


def read(grid: list[list[str]], rating_map: RatingMap) -> RatingTable:
    """Read ``grid`` (all cells as text, header rows included) by ``rating_map``.

    Nothing is guessed: an entry that the map does not explain is an error with line and column.
    Exact repetitions of a row are marked; the same key with other content is an error.
    """
    table = RatingTable()
    columns = _Columns(grid, rating_map.header_rows, table.errors)
    if rating_map.layout == "long":
        _read_long(grid, rating_map, columns, table)
    else:
        _read_wide(grid, rating_map, columns, table)
    _mark_duplicates(table)
    if len(table.errors) > MOST_ERRORS:
        more = len(table.errors) - MOST_ERRORS
        table.errors[MOST_ERRORS:] = [_("… and %(count)d more errors.") % {"count": more}]
    if not table.rows and not table.errors:
        table.errors.append(_("The file has headings but no rows."))
    return table


class _Columns:
    """Finds columns by letter or by heading; a column may have a heading in any header row."""

    def __init__(self, grid: list[list[str]], header_rows: int, errors: list[str]):
        self.errors = errors
        self.width = max((len(row) for row in grid), default=0)
        self.headings: list[list[str]] = [
            [row[i].strip() for row in grid[:header_rows] if i < len(row) and row[i].strip()]
            for i in range(self.width)
        ]

    def find(self, name: str) -> int | None:
        """The index of the column ``name``; an error where there is none or more than one."""
        found = [i for i, headings in enumerate(self.headings) if name in headings]
        if not found and LETTERS.fullmatch(name):
            index = column_index_from_string(name) - 1
            found = [index] if index < self.width else []
        if len(found) == 1:
            return found[0]
        problem = (
            _("There is no column “%(name)s” in the file. Check the map, or header_rows.")
            if not found
            else _("Several columns are headed “%(name)s”: name the one by its letter in the map.")
        )
        self.errors.append(problem % {"name": name})
        return None

    def many(self, names: list[str]) -> list[int]:
        """The columns that ``names`` (headings, letters, ranges of letters) stand for."""
        found: list[int] = []
        for name in names:
            if (ends := RANGE.fullmatch(name)) and not any(name in row for row in self.headings):
                first, last = (self.find(end) for end in ends.groups())
                if first is not None and last is not None:
                    found += range(min(first, last), max(first, last) + 1)
            elif (index := self.find(name)) is not None:
                found.append(index)
        return found


def _read_wide(grid, rating_map: RatingMap, columns: _Columns, table: RatingTable) -> None:
    placed: list[tuple[int, TableItem]] = []
    for block in rating_map.items:
        found = columns.many(block.columns)
        codes = _codes(block.codes, len(found), len(placed), block.domain, table.errors)
        placed += [
            (i, TableItem(code, _own_heading(columns, i), block.scale, block.domain, i))
            for code, i in zip(codes, found, strict=False)
        ]
    table.items += [item for _column, item in placed]
    _refuse_repeated(table)
    places = _places(rating_map, columns)
    if table.errors:
        return
    for line, row in enumerate(grid[rating_map.header_rows :], start=rating_map.header_rows + 1):
        if not any(cell.strip() for cell in row):
            continue
        entry = _entry(row, line, places, table)
        for column, item in placed:
            scale = rating_map.scales[item.scale]
            text = row[column] if column < len(row) else ""
            entry.cells[item.code] = _cell(text, scale, rating_map, (line, item.text), table)
        table.rows.append(entry)


def _read_long(grid, rating_map: RatingMap, columns: _Columns, table: RatingTable) -> None:
    blocks = {name: block for block in rating_map.items for name in block.columns}
    places = _places(rating_map, columns)
    item_column = columns.find(rating_map.columns.item)
    value_column = columns.find(rating_map.columns.value)
    for block in rating_map.items:
        codes = _codes(
            block.codes, len(block.columns), len(table.items), block.domain, table.errors
        )
        table.items += [
            TableItem(code, name, block.scale, block.domain, None)
            for code, name in zip(codes, block.columns, strict=False)
        ]
    _refuse_repeated(table)
    if table.errors or item_column is None or value_column is None:
        return
    by_name = {item.text: item for item in table.items}
    rows: dict[tuple[str, ...], TableRow] = {}
    for line, row in enumerate(grid[rating_map.header_rows :], start=rating_map.header_rows + 1):
        if not any(cell.strip() for cell in row):
            continue
        padded = row + [""] * (columns.width - len(row))
        name = padded[item_column].strip()
        if name not in blocks:
            text = _("Line %(line)d: the map has no item “%(name)s”.")
            table.errors.append(text % {"line": line, "name": name})
            continue
        entry = _entry(padded, line, places, table)
        kept = rows.setdefault(entry.key, entry)
        item = by_name[name]
        where = (line, name)
        cell = _cell(padded[value_column], rating_map.scales[item.scale], rating_map, where, table)
        if kept.cells.setdefault(item.code, cell) != cell:
            text = _("Line %(line)d rates “%(name)s” again, with another value than before.")
            table.errors.append(text % {"line": line, "name": name})
    for entry in rows.values():
        for item in table.items:
            entry.cells.setdefault(item.code, (RatingState.MISSING, None))
    table.rows += rows.values()


def _places(rating_map: RatingMap, columns: _Columns) -> dict[str, list[int]]:
    """Where object, rater, cluster and the rest of the key stand."""
    return {
        "object": columns.many(rating_map.columns.object),
        "rater": columns.many([rating_map.columns.rater]),
        "cluster": columns.many(list(filter(None, [rating_map.columns.cluster]))),
        "extra": columns.many(rating_map.columns.extra),
    }


def _entry(row: list[str], line: int, places: dict[str, list[int]], table: RatingTable) -> TableRow:
    parts = {
        name: [row[i].strip() if i < len(row) else "" for i in indexes]
        for name, indexes in places.items()
    }
    subject, rater = " · ".join(parts["object"]), parts["rater"][0]
    for name, value in ((_("what was rated"), "".join(parts["object"])), (_("the rater"), rater)):
        if not value:
            table.errors.append(
                _("Line %(line)d: %(name)s is empty.") % {"line": line, "name": name}
            )
    key = (*parts["object"], rater, *parts["extra"])
    return TableRow(line, key, subject[:200], rater[:200], "".join(parts["cluster"])[:200], {})


def _cell(
    text: str, scale: ScaleMap, rating_map: RatingMap, where: tuple[int, str], table: RatingTable
) -> Cell:
    """State and number of one cell; an entry outside the scale is an error, never a guess."""
    entry = rating_map.read.replace.get(text.strip(), text.strip())
    if not entry or entry in rating_map.read.missing:
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


def _mark_duplicates(table: RatingTable) -> None:
    """Mark exact repetitions; refuse rows of the same key that say something else."""
    first: dict[tuple[str, ...], TableRow] = {}
    for row in table.rows:
        earlier = first.setdefault(row.key, row)
        if earlier is row:
            continue
        if earlier.cells == row.cells:
            row.duplicate_of = earlier.line
        else:
            text = _(
                "Line %(line)d: “%(subject)s” was already rated by “%(rater)s” in line "
                "%(earlier)d, with other values. Correct or remove one of the two."
            )
            table.errors.append(
                text
                % {
                    "line": row.line,
                    "subject": row.subject,
                    "rater": row.rater,
                    "earlier": earlier.line,
                }
            )


def _refuse_repeated(table: RatingTable) -> None:
    """Each item has a code and a column of its own."""
    columns = Counter(
        item.text if item.column is None else get_column_letter(item.column + 1)
        for item in table.items
    )
    codes = Counter(item.code for item in table.items)
    for sentence, names in (
        (_("The map names the column “%(name)s” for several items."), columns),
        (_("Several items of the map have the code “%(name)s”."), codes),
    ):
        table.errors += [sentence % {"name": name} for name, n in names.items() if n > 1]


def _own_heading(columns: _Columns, index: int) -> str:
    """The text of an item: the last heading of its column that is not shared with others."""
    own = [text for text in columns.headings[index] if _share(columns, text) == 1]
    return (own or columns.headings[index] or [get_column_letter(index + 1)])[-1]


def _share(columns: _Columns, text: str) -> int:
    return sum(text in headings for headings in columns.headings)


def _codes(given: list[str], count: int, before: int, domain: str, errors: list[str]) -> list[str]:
    """The codes of a block of items: those of the map, or numbered through."""
    if given and len(given) != count:
        text = _("The items of “%(domain)s” have %(given)d codes for %(count)d columns.")
        errors.append(text % {"domain": domain, "given": len(given), "count": count})
    return given or [f"I{before + i:03d}" for i in range(1, count + 1)]
