"""One hash for all that an analysis starts from."""

import hashlib
from collections.abc import Mapping

import pandas as pd


def digest(tables: Mapping[str, pd.DataFrame], beside: str = "") -> str:
    """SHA-256 over named frames, columns and rows in order: equal inputs, equal hash.

    ``beside``: the hash of what else was read, a snapshot's.
    """
    inputs = hashlib.sha256(beside.encode())
    for name in sorted(tables):
        inputs.update(name.encode())
        inputs.update(tables[name].to_csv(index=False).encode())
    return inputs.hexdigest()
