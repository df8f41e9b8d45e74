"""Which kinds of record the mailroom takes in: apps register theirs in ``AppConfig.ready``."""

import datetime
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from core.refusals import Refusal

if TYPE_CHECKING:
    from organisations.models import Unit, User

Content = dict[str, Any]


@dataclass(frozen=True)
class Record:
    """What a phone says in one record, read; its kind alone understands ``content``.

    ``made_at`` and ``closed_at`` are by the clock of the phone, which may be wrong.
    """

    kind: str
    id: uuid.UUID
    by: "User"
    device: uuid.UUID
    made_at: datetime.datetime
    closed_at: datetime.datetime
    content: Content
    canonical_hash: str


class Hold(Refusal):
    """A record is kept but not counted until a person decides; the text says why.

    ``code`` is a word for programs. ``rival``: the id of the record that it collides with, such as
    another session for the same appointment.
    """

    def __init__(self, code: str, sentence: str, rival: uuid.UUID | None = None):
        super().__init__(sentence)
        self.code, self.rival = code, rival


def _nowhere(content: Content) -> "Unit | None":
    return None


@dataclass(frozen=True)
class Kind:
    """A kind of record and what becomes of it.

    ``check(content)`` raises ``core.bodies.Malformed`` where the content is not of its kind.
    ``place(content)`` is the unit that a checked content lies in, None where unknown.
    ``handle(record, overrides)`` takes it in, in the transaction that keeps the record; ``Hold`` or
    ``Refusal`` leave it held, and so does an error, which is logged. ``overrides`` are codes of
    ``Hold`` that a coordinator has decided to pass over; ``passable`` says what doing so means.
    ``replace(rival, record, reason, by)`` takes it in instead of the record ``rival``, which then
    no longer counts, past all that is passable; ``by``, who chose, must answer for both places.
    ``readable(content)`` are pairs of name and value for people who decide.

    Who sends needs ``sent_with``, which here says only who else sees a held record: where the unit
    is unknown or the sender may not send from there, also those above the sender. Whoever sees and
    decides holds ``settled_with``: records that others must not even see name another permission,
    another first word in the audit trail (see ``audit.protect``), and show their own list
    (``fieldwork.urls.held``).
    """

    name: str
    label: str | Promise
    sent_with: str
    check: Callable[[Content], None]
    handle: Callable[[Record, Collection[str]], None]
    place: Callable[[Content], "Unit | None"] = _nowhere
    replace: Callable[[uuid.UUID, Record, str, "User"], None] | None = None
    passable: Mapping[str, str | Promise] = field(default_factory=dict)
    readable: Callable[[Content], list[tuple[str, str]]] | None = None
    address: Callable[[uuid.UUID], str] | None = None
    settled_with: str = "fieldwork.settle"
    audited_as: str = "deliveries"


_kinds: dict[str, Kind] = {}


def register(new: Kind) -> None:
    """Accept records of the kind ``new``; again is harmless."""
    _kinds[new.name] = new


def find(name: str) -> Kind | None:
    """The kind called ``name``, None where nobody registered it."""
    return _kinds.get(name)


def kinds() -> list[Kind]:
    """All kinds by name."""
    return [_kinds[name] for name in sorted(_kinds)]
