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
    each row itself. ``then`` is what comes after it: the words of a button and its address.
    """

    name: str
    label: str | Promise
    says: str | Promise
    permission: str
    job: type[RowImport]
    then: tuple[str | Promise, str | Promise]
    order: int = 100


_kinds: dict[str, Kind] = {}


def register(new: Kind) -> None:
    """Add the kind ``new``; again is harmless."""
    _kinds[new.name] = new


def kind(name: str) -> Kind:
    """The kind called ``name``; KeyError where there is none."""
    return _kinds[name]


def kinds(permissions: set[str] | None = None) -> list[Kind]:
    """All kinds in order, or those open to someone who holds ``permissions``."""
    chosen = (
        one for one in _kinds.values() if permissions is None or one.permission in permissions
    )
    return sorted(chosen, key=lambda one: one.order)
