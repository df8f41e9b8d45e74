"""The columns of a snapshot: one row per rating. Also their one canonical form, for hashing."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Column:
    """``kind``: "text" (never empty of meaning by NULL: "" is none), "number" or "flag"."""

    kind: str
    says: str
    unit: str = ""
    sql: str = "VARCHAR"


COLUMNS: dict[str, Column] = {
    "session": Column("text", "id of the session, hexadecimal"),
    "subject": Column("text", "what was rated: a room on a day, or as the imported file has it"),
    "rater": Column("text", "number of the observer's account, or as the imported file has it"),
    "room": Column("text", "code of the room; imported: what was rated"),
    "centre": Column("text", "code of the centre; imported: what the rated lies in, else itself"),
    "region": Column("text", "code of the region; empty for imported data"),
    "provision": Column("text", "provision of the centre; empty for imported data"),
    "age_group": Column("text", "age group of the room on that day"),
    "purpose": Column("text", "formative or official"),
    "comparable": Column(
        "flag", "may stand beside another rater's of the same subject", "", "BOOL"
    ),
    "duplicate": Column("flag", "repeats another imported row exactly", "", "BOOL"),
    "facts": Column("text", "what else the map of an imported file kept of its row, as JSON"),
    "day": Column("number", "day of the session", "days since 0000-12-31", "INTEGER"),
    "line": Column("number", "line of the imported file", "lines", "INTEGER"),
    "cycle": Column("number", "cycle within the session, from 1", "", "SMALLINT"),
    "item": Column("text", "code of the item"),
    "state": Column("text", "scored, na (not applicable) or missing"),
    "value": Column(
        "number", "what was given, where scored", "points of the item's scale", "SMALLINT"
    ),
}
OF_THE_RATING = ("cycle", "item", "state", "value")


def settled(frame: pd.DataFrame) -> pd.DataFrame:
    """The same rows with one dtype per kind, whatever they came from.

    Text: category, its categories sorted and all in use; number: float64, NaN where none; flag:
    bool.
    """
    columns: dict[str, Any] = {}
    for name in frame.columns:
        given, kind = frame[name], COLUMNS[name].kind
        if kind == "number":
            columns[name] = given.astype("float64")
        elif kind == "flag":
            columns[name] = given.astype(bool)
        else:
            codes, names = pd.factorize(given, sort=False)
            if (codes < 0).any():
                raise ValueError(f"Text of a snapshot is never missing, but in {name} it is.")
            texts = np.asarray(names, dtype=object)
            order = np.argsort(texts, kind="stable")
            place = np.empty(len(order), dtype=np.int64)
            place[order] = np.arange(len(order))
            columns[name] = pd.Categorical.from_codes(
                place[codes], pd.Index(texts[order], dtype=str)
            )
    return pd.DataFrame(columns)


def content_hash(frame: pd.DataFrame) -> str:
    """SHA-256 of what a settled frame says: equal rows in equal order, equal hash.

    Not of the file: the bytes of a Parquet file change with the library that writes it. Each
    column gives its name; a text column the texts in use, sorted, each after its length, and the
    place of each row's text (32 bits); a number where it is missing (a byte) and its 64 bits; a
    flag a byte. All little-endian.
    """
    content = hashlib.sha256()
    for name in frame.columns:
        given, kind = frame[name], COLUMNS[name].kind
        content.update(_counted(name.encode()))
        if kind == "text":
            for text in given.cat.categories:
                content.update(_counted(str(text).encode()))
            content.update(given.cat.codes.to_numpy("<i4").tobytes())
        elif kind == "number":
            none = given.isna().to_numpy()
            content.update(none.tobytes())
            content.update(given.fillna(0).to_numpy("<f8").tobytes())
        else:
            content.update(given.to_numpy(bool).tobytes())
    return content.hexdigest()


def _counted(text: bytes) -> bytes:
    return len(text).to_bytes(4, "little") + text
