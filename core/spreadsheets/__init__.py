"""Lists as offices keep them: CSV and XLSX in, rows of text out; and CSV that opens safely.

``read(content, name)`` takes the bytes of an uploaded file and returns a ``Sheet``. Every value is
text: dates as 2026-11-22, whole numbers without a decimal point, empty cells as "", a formula as
what was last computed of it. Row numbers are those that a spreadsheet program shows beside the row.
Whatever is wrong with a file is raised as ``SpreadsheetError`` with a sentence that the person who
sent it can act on.
"""

from core.spreadsheets.delimited import escape, write_csv
from core.spreadsheets.limits import MEGABYTE, Limits, SpreadsheetError, TooLargeError, too_large
from core.spreadsheets.sheets import Row, Sheet, grid, names, read

__all__ = [
    "MEGABYTE",
    "Limits",
    "Row",
    "Sheet",
    "SpreadsheetError",
    "TooLargeError",
    "escape",
    "grid",
    "names",
    "read",
    "too_large",
    "write_csv",
]
