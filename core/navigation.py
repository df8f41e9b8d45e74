"""The menu: apps add their entries in ``AppConfig.ready``; nobody lists the apps in one place."""

from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise


@dataclass(frozen=True)
class Entry:
    """A menu entry for whoever holds ``permission`` somewhere (empty: everyone signed in)."""

    label: str | Promise
    url_name: str
    permission: str = ""
    strand: str = ""  # mentoring, observation, families; else none
    order: int = 100  # those of the same order stand as they were registered
    section: str | Promise = ""  # under which it stands when entries are many


@dataclass(frozen=True)
class Section:
    """Neighbouring entries under one name; without a name it is a single entry."""

    label: str | Promise
    strand: str
    entries: list[Entry]


FEW = 5  # entries that fit beside the name of the site as they are

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


def sections(shown: list[Entry]) -> list[Section]:
    """``shown`` so that it fits a line or a phone: few stand alone, many under their sections."""
    if len(shown) <= FEW:
        return [Section("", entry.strand, [entry]) for entry in shown]
    found = []
    for (label, strand), group in groupby(shown, key=lambda one: (one.section, one.strand)):
        together = list(group)
        if label and len(together) > 1:
            found.append(Section(label, strand, together))
        else:
            found += [Section("", entry.strand, [entry]) for entry in together]
    return found
