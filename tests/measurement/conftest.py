"""The reference cases beside the project: data, and what R or a paper found in them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

Case = Callable[[str], tuple[pd.DataFrame, dict[str, Any]]]


@pytest.fixture
def reference(shared_data: Path) -> Case:
    """Gives the data of a case and its expected values; skips where the cases are absent."""

    def read(case: str) -> tuple[pd.DataFrame, dict[str, Any]]:
        folder = shared_data / "reference" / case
        expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        return pd.read_csv(folder / "data.csv"), expected["expected"]

    return read
