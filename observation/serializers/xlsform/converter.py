"""The converter that everybody uses, pyxform: what it knows, and what it says of a form."""

import re
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from observation.serializers.xlsform import sheets
from observation.serializers.xlsform.places import InvalidForm, Place, Problem
from observation.serializers.xlsform.sheets import Sheet

READ = ("survey", "choices", "settings")
CONTROL = re.compile(r"(?P<edge>begin|end)[ _]+(?P<kind>lgroup|group|looped group|repeat|loop)")
ROW = re.compile(r"\[row : (\d+)\]\s*")
SHEET = re.compile(r"On the '(\w+)' sheet")
COLUMN = re.compile(r"the '([^']+)' value")


@cache
def selects() -> tuple[str, ...]:
    """How a type may begin that is followed by the name of a list, longest first."""
    from pyxform import aliases  # type: ignore[import-untyped]  # noqa: PLC0415 — slow; has no types

    return tuple(sorted(aliases.select, key=len, reverse=True))


@cache
def types() -> frozenset[str]:
    """All other types of question."""
    from pyxform import aliases  # noqa: PLC0415 — slow, and only for files
    from pyxform import question_type_dictionary as known  # noqa: PLC0415 — likewise

    return frozenset(known.QUESTION_TYPE_DICT) | frozenset(aliases.settings_header)


def convert(found: dict[str, Sheet]) -> dict[str, Any]:
    """The tree of questions that pyxform makes of the sheets, once it has made an XForm of them.

    Raises InvalidForm with the place that pyxform names.
    """
    from pyxform.errors import (  # type: ignore[import-untyped]  # noqa: PLC0415 — likewise
        PyXFormError,
    )
    from pyxform.xls2xform import (  # type: ignore[import-untyped]  # noqa: PLC0415 — likewise
        convert as pyxform,
    )

    try:
        result = pyxform(sheets.for_pyxform(found, READ))
    except PyXFormError as error:
        raise InvalidForm([_problem(str(error), found)]) from error
    except Exception as error:
        sentence = _("the form cannot be converted. Check the rows against its documentation.")
        raise InvalidForm([Problem(found["survey"].place(1, "type"), sentence)]) from error
    if result._pyxform is None:
        raise ValueError("pyxform gives no tree of questions.")
    return result._pyxform


def _problem(said: str, found: dict[str, Sheet]) -> Problem:
    name = match[1] if (match := SHEET.search(said)) else "survey"
    column = match[1] if (match := COLUMN.search(said)) else "type"
    row = int(match[1]) if (match := ROW.search(said)) else 1
    sheet = found.get(name)
    place = sheet.place(row, column) if sheet else Place(name, row, 1, column)
    told = _("pyxform cannot convert this: %(error)s") % {
        "error": ROW.sub("", said).split("\n")[0][:400]
    }
    return Problem(place, told)
