"""The columns of a table of ratings, found by letter or by heading."""

import re
from collections import Counter

from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string, get_column_letter

LETTERS = re.compile(r"[A-Z]{1,3}")
RANGE = re.compile(r"([A-Z]{1,3}):([A-Z]{1,3})")


class Columns:
    """Finds columns; one may have a heading in any header row. What is wrong goes to ``errors``.

    ``reach`` counts the columns that a row must have: up to the last one headed or asked for.
    """

    def __init__(self, grid: list[list[str]], header_rows: int, errors: list[str]):
        self.errors = errors
        # A workbook hands over rows far wider than what is written in them.
        self.width = max(map(_filled, grid), default=0)
        self.reach = max(map(_filled, grid[:header_rows]), default=0)
        self.headings: list[list[str]] = [
            [row[i].strip() for row in grid[:header_rows] if i < len(row) and row[i].strip()]
            for i in range(self.width)
        ]
        self._shared = Counter(text for headings in self.headings for text in set(headings))

    def find(self, name: str) -> list[int]:
        """The one column headed ``name``, else of that letter; an error and [] if there is none."""
        found = [i for i, headings in enumerate(self.headings) if name in headings]
        if not found and LETTERS.fullmatch(name):
            index = column_index_from_string(name) - 1
            found = [index] if index < self.width else []
        if len(found) == 1:
            self.reach = max(self.reach, found[0] + 1)
            return found
        problem = (
            _("There is no column “%(name)s” in the file. Check the map, or header_rows.")
            if not found
            else _("Several columns are headed “%(name)s”: name the one by its letter in the map.")
        )
        self.errors.append(problem % {"name": name})
        return []

    def many(self, names: list[str]) -> list[int]:
        """The columns that ``names`` (headings, letters, ranges of letters) stand for."""
        return [
            index
            for name in names
            for index in (self._range(name) if RANGE.fullmatch(name) else self.find(name))
        ]

    def name(self, index: int) -> str:
        """The last heading of a column that it shares with no other; its letter if it has none."""
        headings = self.headings[index]
        own = [text for text in headings if self._shared[text] == 1]
        return (own or headings or [get_column_letter(index + 1)])[-1]

    def _range(self, name: str) -> list[int]:
        # By letters only: the ends of a range say nothing about headings.
        first, last = (column_index_from_string(end) for end in name.split(":"))
        if first > last:
            problem = _("The columns “%(name)s” run backwards: name the left one first.")
        elif last > self.width:
            problem = _("The columns “%(name)s” go beyond the last one of the table, “%(last)s”.")
        else:
            self.reach = max(self.reach, last)
            return list(range(first - 1, last))
        self.errors.append(problem % {"name": name, "last": get_column_letter(self.width or 1)})
        return []


def _filled(row: list[str]) -> int:
    """How many cells a row has up to its last that is not empty."""
    return next((i for i in range(len(row), 0, -1) if row[i - 1].strip()), 0)
