"""The menu: apps add their entries in ``AppConfig.ready``; nobody lists the apps in one place."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Entry:
    """A menu entry for whoever holds ``permission`` somewhere (empty: everyone signed in)."""

    label: str | Promise
    url_name: str
    permission: str = ""
    strand: str = ""  # mentoring, observation, families; else none
    order: int = 100


_entries: list[Entry] = []


def register(entry: Entry) -> None:
    """Add ``entry`` to the menu; again is harmless."""
    if entry not in _entries:
        _entries.append(entry)


def entries(permissions: set[str]) -> list[Entry]:
    """The entries for someone who holds ``permissions``, in menu order."""
    allowed = [
        entry for entry in _entries if not entry.permission or entry.permission in permissions
    ]
    return sorted(allowed, key=lambda entry: entry.order)
