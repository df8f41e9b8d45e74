"""How much a file may hold, and what is raised where it cannot be read."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024


class SpreadsheetError(ValueError):
    """A file that cannot be read; its text is a translated sentence with the next step."""


class TooLargeError(SpreadsheetError):
    """A file beyond the limits: a view answers 413."""


@dataclass(frozen=True)
class Limits:
    """How much one file may hold."""

    bytes: int = 10 * MEGABYTE
    rows: int = 10_000
    columns: int = 200
    unpacked: int = 200 * MEGABYTE
    ratio: int = 200
    members: int = 1000  # files that a workbook is made of; a large one has some dozens


def too_large(limits: Limits) -> str:
    """The sentence for a file of too many bytes."""
    return _("The file is larger than %(size)d MB. Split it into several files.") % {
        "size": limits.bytes // MEGABYTE
    }


def too_many_rows(limits: Limits) -> str:
    return _("The file has more than %(rows)d rows. Split it into several files.") % {
        "rows": limits.rows
    }


def not_a_spreadsheet() -> str:
    return _("This is not a spreadsheet. Send a file saved as .xlsx or as CSV.")
