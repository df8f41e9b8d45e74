"""What a snapshot holds: its columns, its files with their hashes, and where they came from."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

FORMAT = 1
NAME = "manifest.json"


@dataclass(frozen=True)
class SnapshotFile:
    """One partition: ``name`` within the folder, rows, and SHA-256 of their canonical content."""

    name: str
    partition: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """``columns``: name, kind, unit, says. ``about``: instrument, version, unit, period.

    ``sources``: how many sessions, ratings, centres … it was made from. ``hash`` covers all of
    these, so the same rows for the same question give the same one; ``seed`` and ``code_version``
    tell what made it and stay out.
    """

    columns: list[dict[str, str]]
    files: list[SnapshotFile]
    about: dict[str, Any]
    sources: dict[str, int]
    seed: int
    code_version: str
    format: int = FORMAT

    @cached_property
    def hash(self) -> str:
        facts = asdict(self)
        del facts["seed"], facts["code_version"]
        return hashlib.sha256(_written(facts).encode()).hexdigest()

    def save(self, folder: Path) -> None:
        text = _written(asdict(self) | {"hash": self.hash}, indent=2)
        (folder / NAME).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The manifest of ``folder``; ValueError or OSError where there is none to trust."""
        facts = json.loads((folder / NAME).read_text(encoding="utf-8"))
        stated = facts.pop("hash", "")
        if facts.get("format") != FORMAT:
            raise ValueError(f"The snapshot has format {facts.get('format')}, not {FORMAT}.")
        manifest = cls(**facts | {"files": [SnapshotFile(**file) for file in facts["files"]]})
        if manifest.hash != stated:
            raise ValueError("The manifest of the snapshot was changed after it was written.")
        return manifest


def _written(facts: dict[str, Any], indent: int | None = None) -> str:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, allow_nan=False, indent=indent)
