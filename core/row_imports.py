"""Import of rows: preview first, then all or nothing; the same file again changes nothing.

A kind of import is a subclass of ``RowImport``. It names its columns, gives a Django form for one
row (so that messages are in the reader's language and belong to a column), says what a row would
do to what is there, and writes one row through an action. The engine does the rest::

    sheet = spreadsheets.read(content, name)
    seen = row_imports.preview(UnitImport(by=user), sheet)     # writes nothing
    done = row_imports.apply(UnitImport(by=user), sheet)       # RowsRefused if any row is wrong

``apply`` looks at every row again inside its transaction: what was previewed may have grown old.
"""

import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.spreadsheets import Row, Sheet, SpreadsheetError


class Change(models.TextChoices):
    """What a row does to what is there."""

    CREATED = "created", gettext_lazy("new")
    UPDATED = "updated", gettext_lazy("changed")
    UNCHANGED = "unchanged", gettext_lazy("unchanged")


@dataclass(frozen=True)
class Column:
    """A column of the file.

    ``name`` is the form's field and the heading in English; ``also`` holds headings by language
    ({"es": "correo"}), all of them accepted. ``required`` asks for the column, not for a value
    (that is the field's affair). ``says`` explains it in the template, ``example`` fills its row.
    """

    name: str
    also: Mapping[str, str] = field(default_factory=dict)
    required: bool = True
    says: str | Promise = ""
    example: str = ""

    def heading(self, language: str) -> str:
        """The heading as written in a template for a reader of ``language``."""
        return self.also.get(language, self.name)


@dataclass(frozen=True)
class RowError:
    """What is wrong, and where: row number and heading as in the file ("" for the whole row)."""

    row: int
    column: str
    message: str


@dataclass(frozen=True)
class Entry:
    """One good row: its number, cleaned values, what it does and to which record (None: new)."""

    row: int
    data: dict[str, Any]
    change: Change
    target: models.Model | None = None


@dataclass(frozen=True)
class Preview:
    """What an import would do, or has done. ``columns``: headings of the file by column name."""

    entries: list[Entry]
    errors: list[RowError]
    notes: list[str]
    columns: dict[str, str]

    @property
    def created(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.change == Change.CREATED]

    @property
    def updated(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.change == Change.UPDATED]

    @property
    def unchanged(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.change == Change.UNCHANGED]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are created, updated, unchanged and in error."""
        return {
            "created": len(self.created),
            "updated": len(self.updated),
            "unchanged": len(self.unchanged),
            "errors": len(self.errors),
        }


class RowsRefused(ValueError):  # noqa: N818 — like Refusal, it tells that a rule worked
    """Nothing was written; ``preview.errors`` says why."""

    def __init__(self, preview: Preview):
        super().__init__(
            _("Nothing was imported: %(count)d things need correcting.")
            % {"count": len(preview.errors)}
        )
        self.preview = preview


class RowImport:
    """One kind of import; subclasses fill the class attributes and the last four methods."""

    columns: ClassVar[Sequence[Column]] = ()
    key: ClassVar[Sequence[str]] = ()  # columns that together may stand only once in a file
    form_class: ClassVar[type[forms.Form]]

    def __init__(self, by) -> None:
        self.by = by
        self.given: set[str] = set()  # columns that the file has; leave the others as they are

    def get_columns(self) -> Sequence[Column]:
        """The columns; override where they depend on data, such as one per item."""
        return self.columns

    def form(self, values: dict[str, str]) -> forms.Form:
        """The form of one row, bound to its values by column name."""
        return self.form_class(values)

    def prepare(self, rows: Sequence[Row]) -> None:
        """Read at once what the rows will be compared with, not row by row."""

    def compare(self, data: dict[str, Any]) -> tuple[Change, models.Model | None]:
        """What a row does to which record. Raise ValidationError({column: sentence}) to refuse."""
        raise NotImplementedError

    def check(self, entries: Sequence[Entry]) -> Iterable[tuple[Entry, str, str]]:
        """What is wrong between rows: (entry, column name, sentence)."""
        return ()

    def order(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """The order of writing; override where a row needs another of the same file first."""
        return entries

    def write(self, entry: Entry) -> None:
        """Write one row that is created or updated, through an action."""
        raise NotImplementedError

    def finish(self, preview: Preview) -> None:
        """Once after the last row, in the same transaction: the audit record of the import."""


def check_headings(job: RowImport, sheet: Sheet) -> None:
    """A quick first look: SpreadsheetError where the headings do not fit or no row follows."""
    columns = _match(job.get_columns(), sheet.headers)
    if not any(True for _row in _renamed(job, sheet, columns, [])):
        raise SpreadsheetError(_("The file has headings but no rows. Add rows and send it again."))


def preview(job: RowImport, sheet: Sheet) -> Preview:
    """Say what ``job`` would do with ``sheet``. Writes nothing.

    Raises SpreadsheetError where the headings do not fit: then no row can be judged.
    """
    columns = _match(job.get_columns(), sheet.headers)
    notes = list(sheet.notes)
    rows = list(_renamed(job, sheet, columns, notes))
    if not rows:
        raise SpreadsheetError(_("The file has headings but no rows. Add rows and send it again."))
    job.given = set(columns)
    job.prepare(rows)
    entries: list[Entry] = []
    errors: list[RowError] = []
    for row in rows:
        form = job.form(row.values)
        try:
            if not form.is_valid():
                raise ValidationError(form.errors.as_data())
            entries.append(Entry(row.number, form.cleaned_data, *job.compare(form.cleaned_data)))
        except ValidationError as error:
            errors += _errors(row.number, error, columns)
    errors += _repeated(job, rows, entries, columns)
    errors += [
        RowError(entry.row, columns.get(column, column), sentence)
        for entry, column, sentence in job.check(entries)
    ]
    errors.sort(key=lambda error: error.row)
    return Preview(entries, errors, notes, columns)


def apply(job: RowImport, sheet: Sheet) -> Preview:
    """Look at every row again and write them all, or none.

    Raises RowsRefused with the preview that says why, or SpreadsheetError.
    """
    seen = None
    try:
        with transaction.atomic():
            seen = preview(job, sheet)
            if seen.errors:
                raise RowsRefused(seen)
            for entry in job.order(seen.entries):
                if entry.change != Change.UNCHANGED:
                    job.write(entry)
            job.finish(seen)
    except IntegrityError as error:
        sentence = _("Somebody changed the same data at this moment. Preview the file again.")
        errors = [RowError(0, "", sentence)]
        raise RowsRefused(Preview([], errors, [], seen.columns if seen else {})) from error
    return seen


def differs(record: models.Model, data: Mapping[str, Any], names: Iterable[str]) -> bool:
    """Whether any of the fields ``names`` of ``record`` is not as ``data`` wants it."""
    return any(getattr(record, name) != data[name] for name in names)


def plain(text: str) -> str:
    """``text`` for comparing headings and words: no case, accents, spaces or underscores."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def _match(columns: Sequence[Column], headers: Sequence[str]) -> dict[str, str]:
    """Heading in the file by column name; SpreadsheetError for unknown, repeated or missing."""
    names = {
        plain(heading): column.name
        for column in columns
        for heading in (column.name, *column.also.values())
    }
    wrong: list[str] = []
    found: dict[str, str] = {}
    for header in headers:
        name = names.get(plain(header))
        if name is None:
            wrong.append(_unknown(header, columns, names))
        elif name in found:
            wrong.append(_("The column “%(column)s” stands twice.") % {"column": header})
        else:
            found[name] = header
    missing = [column for column in columns if column.required and column.name not in found]
    if missing:
        wrong.append(
            _("These columns are missing: %(columns)s.")
            % {"columns": ", ".join(_headings(column) for column in missing)}
        )
    if wrong:
        wrong.append(_("Compare the first row with the template."))
        raise SpreadsheetError(" ".join(wrong))
    return found


def _headings(column: Column) -> str:
    return " / ".join(dict.fromkeys([*column.also.values(), column.name]))


def _unknown(header: str, columns: Sequence[Column], names: Mapping[str, str]) -> str:
    near = difflib.get_close_matches(plain(header), names, n=1)
    if not near:
        return _("The column “%(column)s” is not known.") % {"column": header[:40]}
    column = next(column for column in columns if column.name == names[near[0]])
    return _("The column “%(column)s” is not known. Did you mean “%(nearest)s”?") % {
        "column": header[:40],
        "nearest": _headings(column),
    }


def _renamed(
    job: RowImport, sheet: Sheet, columns: Mapping[str, str], notes: list[str]
) -> Iterator[Row]:
    """Rows with their values by column name, without the template's example."""
    example = {column.name: column.example for column in job.get_columns()}
    for row in sheet.rows:
        values = {name: row.values[header] for name, header in columns.items()}
        if any(values.values()) and all(example[name] == value for name, value in values.items()):
            notes.append(
                _("Row %(row)d is the example of the template and was left out.")
                % {"row": row.number}
            )
        else:
            yield Row(row.number, values)


def _errors(number: int, error: ValidationError, columns: Mapping[str, str]) -> Iterator[RowError]:
    if not hasattr(error, "error_dict"):
        error = ValidationError({NON_FIELD_ERRORS: error})
    for name, messages in error.message_dict.items():
        column = "" if name == NON_FIELD_ERRORS else columns.get(name, name)
        for message in messages:
            yield RowError(number, column, message)


def _repeated(
    job: RowImport, rows: Sequence[Row], entries: Sequence[Entry], columns: Mapping[str, str]
) -> Iterator[RowError]:
    """Rows whose key stands in the file before; by cleaned values, since dates have many forms."""
    values = {row.number: row.values for row in rows} | {entry.row: entry.data for entry in entries}
    first: dict[tuple[str, ...], int] = {}
    for number, data in values.items() if job.key else ():
        key = tuple(str(data.get(name) or "").casefold() for name in job.key)
        if not any(key):
            continue
        if key in first:
            yield RowError(
                number,
                columns.get(job.key[0], job.key[0]),
                _("This stands already in row %(row)d.") % {"row": first[key]},
            )
        first.setdefault(key, number)
