"""Where something stands in a workbook, and what is wrong or left out there."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter


@dataclass(frozen=True)
class Place:
    """A cell: sheet, row (1 holds the headings), column (1 is A) and its heading."""

    sheet: str
    row: int = 1
    column: int = 1
    heading: str = ""

    @property
    def letter(self) -> str:
        """The column as a spreadsheet program shows it, with its heading: “B (name)”."""
        letter = get_column_letter(self.column)
        return f"{letter} ({self.heading})" if self.heading else letter

    def __str__(self) -> str:
        return _("sheet “%(sheet)s”, row %(row)s, column %(column)s") % {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.letter,
        }


@dataclass(frozen=True)
class Problem:
    """A sentence about a place."""

    place: Place
    said: str

    def __str__(self) -> str:
        return f"{self.place}: {self.said}"

    def plain(self) -> dict[str, str]:
        """As it is kept with the file."""
        return {"place": str(self.place), "said": self.said}


class InvalidForm(ValueError):  # noqa: N818 — it is the file that is wrong, like a Refusal
    """The workbook cannot become an instrument; ``problems`` says why, cell by cell."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))
