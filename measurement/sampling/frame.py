"""The list that a sample is drawn from, frozen so that anyone can see it was not changed."""

import hashlib
import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Self

import numpy as np
import pandas as pd

FORMAT = "trenza-frame-1"
STREAM = "trenza-draw-1"


@dataclass(frozen=True)
class FrozenFrame:
    """A frame of units, its canonical bytes and their SHA-256.

    ``content``: UTF-8 lines ended by a line feed. The first states format, columns and types; each
    other is one unit as a JSON list without spaces, lines sorted by their bytes: ``sha256sum`` of
    a file with these bytes gives ``sha256``. ``table``: the units in that order, the only order in
    which draws are repeatable. ``seed``: what was drawn in public, once it is known.
    """

    content: bytes
    sha256: str
    columns: tuple[tuple[str, str], ...]
    table: pd.DataFrame = field(compare=False, repr=False)
    seed: str | None = None

    def with_seed(self, seed: str | int) -> Self:
        """The same frame with its public seed; a seed once recorded stays."""
        text = unicodedata.normalize("NFC", str(seed)).strip()
        if not text:
            raise ValueError("A seed cannot be empty.")
        if self.seed not in (None, text):
            raise ValueError("This frame has another seed already; freeze it anew to draw again.")
        return replace(self, seed=text)

    def rng(self, purpose: str) -> np.random.Generator:
        """The random numbers of one draw: they follow from frame, seed and purpose alone.

        PCG64 seeded through SeedSequence with the whole number whose big-endian bytes are the
        SHA-256 of "trenza-draw-1", frame hash, seed and purpose, joined by line feeds. Draws take
        from it nothing but ``random()``, which is (64 random bits >> 11) · 2⁻⁵³, so the stream can
        be followed without NumPy. Another purpose ("centres", "parents") gives another stream.
        """
        if self.seed is None:
            raise ValueError("A frame has no random numbers before its seed is known.")
        text = "\n".join((STREAM, self.sha256, self.seed, purpose))
        number = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(number)))


def freeze(
    frame: pd.DataFrame, columns: Sequence[str] | Mapping[str, str], seed: str | int | None = None
) -> FrozenFrame:
    """Freezes the named columns of a frame; the first is the key, there and different in each row.

    ``columns``: names, or name → type. Types: text (Unicode NFC), whole, number (shortest decimal
    that gives the same double), boolean, date (ISO 8601); unnamed types follow the column's dtype.
    Empty cells are null. Neither the order of rows nor that of other columns changes the bytes;
    order and types of ``columns`` do.
    """
    names = list(columns)
    if not names or len(set(names)) < len(names):
        raise ValueError("A frozen frame needs the names of its columns, each once.")
    absent = [name for name in names if name not in frame.columns]
    if absent:
        raise ValueError(f"The frame lacks these columns: {', '.join(absent)}.")
    stated = dict(columns) if isinstance(columns, Mapping) else {}
    types = [(name, stated.get(name) or _type(frame[name])) for name in names]
    unknown = [kind for _, kind in types if kind not in CELLS]
    if unknown:
        raise ValueError(f"A column is one of {', '.join(CELLS)}; not {unknown[0]}.")
    cells = [_cells(frame[name], kind) for name, kind in types]
    if any(key is None for key in cells[0]) or len(set(cells[0])) < len(frame):
        raise ValueError(f"The first column ({names[0]}) must name each unit, each name once.")

    head = _line({"format": FORMAT, "columns": [list(pair) for pair in types]})
    lines = [_line(row) for row in zip(*cells, strict=True)]
    # Python sorts text by code point, which is the order of its UTF-8 bytes.
    order = sorted(range(len(lines)), key=lines.__getitem__)
    content = "".join(f"{line}\n" for line in [head, *(lines[i] for i in order)]).encode()
    table = pd.DataFrame(
        {
            name: pd.Series([column[i] for i in order], dtype=DTYPES[kind])
            for (name, kind), column in zip(types, cells, strict=True)
        }
    )
    frozen = FrozenFrame(content, hashlib.sha256(content).hexdigest(), tuple(types), table)
    return frozen if seed is None else frozen.with_seed(seed)


def thaw(content: bytes, seed: str | int | None = None) -> FrozenFrame:
    """Reads canonical bytes back, as a witness would; refuses bytes that are not canonical."""
    try:
        head, *rows = [json.loads(line) for line in content.decode().rstrip("\n").split("\n")]
        columns = {name: kind for name, kind in head["columns"]}  # noqa: C416 — checks the pairs
        table = pd.DataFrame(rows, columns=list(columns), dtype=object)
    except (UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise ValueError("These bytes are no frozen frame.") from error
    frozen = freeze(table, columns, seed)
    if frozen.content != content:
        raise ValueError("These bytes are not in canonical form: they were changed.")
    return frozen


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _type(column: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(column):
        return "boolean"
    if pd.api.types.is_integer_dtype(column):
        return "whole"
    if pd.api.types.is_float_dtype(column):
        return "number"
    return "date" if pd.api.types.is_datetime64_any_dtype(column) else "text"


def _cells(column: pd.Series, kind: str) -> list[Any]:
    make, missing = CELLS[kind], column.isna().to_numpy()
    try:
        return [
            None if gap else make(value)
            for value, gap in zip(column.astype(object), missing, strict=True)
        ]
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"The column {column.name} holds something that is no {kind}.") from error


def _text(value: Any) -> str:
    if isinstance(value, float | np.floating):
        raise ValueError("A decimal number has more than one spelling: state its type as number.")
    return unicodedata.normalize("NFC", str(value))


def _whole(value: Any) -> int:
    if int(value) != value:
        raise ValueError("not whole")
    return int(value)


def _number(value: Any) -> float:
    found = float(value)
    if not np.isfinite(found):
        raise ValueError("not finite")
    return found + 0.0  # −0 becomes 0


def _boolean(value: Any) -> bool:
    if value not in (True, False):
        raise ValueError("neither true nor false")
    return bool(value)


def _date(value: Any) -> str:
    if isinstance(value, str):
        return date.fromisoformat(value).isoformat()
    if isinstance(value, datetime):
        if value != value.replace(hour=0, minute=0, second=0, microsecond=0):
            raise ValueError("a moment, not a date")
        return value.date().isoformat()
    if not isinstance(value, date):
        raise ValueError("not a date")
    return value.isoformat()


CELLS: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "whole": _whole,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
}
DTYPES = {
    "text": "object",
    "whole": "Int64",
    "number": "float64",
    "boolean": "boolean",
    "date": "object",
}
