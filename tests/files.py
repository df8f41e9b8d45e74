"""The project's own files, for the tests that read them."""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MADE = {".git", ".venv", "var", "node_modules", "staticfiles", "__pycache__"}


def own(*suffixes: str, below: str = ".", vendor: bool = False) -> Iterator[Path]:
    """Files with one of ``suffixes`` (all if none), without what tools made or others wrote."""
    for folder, names, files in os.walk(ROOT / below):
        names[:] = sorted(
            name
            for name in names
            if name not in MADE and not name.endswith("_cache") and (vendor or name != "vendor")
        )
        yield from (
            Path(folder, name) for name in sorted(files) if not suffixes or name.endswith(suffixes)
        )


def lines(*suffixes: str, below: str = ".") -> Iterator[tuple[str, str]]:
    """("path:number", line) of the own files with ``suffixes``."""
    for file in own(*suffixes, below=below):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            yield f"{file.relative_to(ROOT)}:{number}", line


def pyproject() -> dict:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)
