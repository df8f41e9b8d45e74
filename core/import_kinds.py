"""Which kinds of import there are: apps register theirs in ``AppConfig.ready``.

Whatever is registered gets its pages (``importar/<name>/``: upload, preview, confirm, template)
and its command (``manage.py import_rows --kind <name> FILE``) without further code.
"""

from dataclasses import dataclass

from django.utils.functional import Promise

from core.row_imports import RowImport


@dataclass(frozen=True)
class Kind:
    """A kind of import, for whoever holds ``permission`` somewhere.

    ``name`` stands in the address; ``label`` names the rows in the plural; ``says`` tells in a
    sentence what they are and what to know beforehand. ``job`` is told who imports and scopes
    each row itself.
    """

    name: str
    label: str | Promise
    says: str | Promise
    permission: str
    job: type[RowImport]
    order: int = 100


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add ``kind``; again is harmless."""
    _kinds[kind.name] = kind


def find(name: str) -> Kind | None:
    """The kind called ``name``."""
    return _kinds.get(name)


def kinds(permissions: set[str] | None = None) -> list[Kind]:
    """All kinds in order, or those open to someone who holds ``permissions``."""
    chosen = (
        kind for kind in _kinds.values() if permissions is None or kind.permission in permissions
    )
    return sorted(chosen, key=lambda kind: kind.order)
