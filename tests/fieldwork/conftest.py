from dataclasses import dataclass, field

import pytest

from core.bodies import Malformed
from fieldwork import kinds
from fieldwork.kinds import Hold, Kind
from organisations.models import Unit
from tests.factories import field as field_records
from tests.factories import observation as make
from tests.factories import organisations


@pytest.fixture
def version(db):
    """The programme's checklist, published."""
    return make.checklist()


@pytest.fixture
def room(country, version):
    """A room of infants (LB) in the region “here”."""
    return country.here.rooms[0]


@pytest.fixture
def mentor(room):
    return organisations.person("mentor", room.get_parent())


@pytest.fixture
def phone(mentor):
    """The mentor's phone."""
    return field_records.Phone(mentor)


@pytest.fixture
def record(room, mentor):
    """A session of the mentor, as her phone has it."""
    return field_records.envelope(mentor, field_records.session(room))


@dataclass
class Notes:
    """A kind of record of the tests: what it took in, and how it shall behave."""

    taken: list = field(default_factory=list)
    replaced: list = field(default_factory=list)
    raises: list[Exception] = field(default_factory=list)

    def check(self, content) -> None:
        if not isinstance(content.get("text"), str):
            raise Malformed("text", "This must be text.")

    def place(self, content) -> Unit | None:
        return Unit.objects.filter(code=content.get("room", "")).first()

    def handle(self, record, overrides) -> None:
        if (code := record.content.get("hold")) and code not in overrides:
            raise Hold(code, f"Held for {code}.")
        if self.raises:
            raise self.raises[0]
        self.taken.append(record.id)

    def replace(self, rival, record, reason, by) -> None:
        self.replaced.append((rival, record.id, reason))


@pytest.fixture
def notes(monkeypatch):
    kept = Notes()
    kind = Kind(
        name="test.note",
        label="note",
        sent_with="observation.record",
        check=kept.check,
        handle=kept.handle,
        place=kept.place,
        replace=kept.replace,
        passable={"late": "It counts although it is late."},
    )
    monkeypatch.setitem(kinds._kinds, kind.name, kind)
    return kept


@pytest.fixture
def note(mentor, country):
    """Makes a note of the mentor about a room of hers."""

    def write(text="One", by=None, **fields):
        content = {"text": text, "room": country.here.rooms[0].code}
        envelope = {name: fields.pop(name) for name in ("id",) if name in fields}
        return field_records.envelope(by or mentor, content | fields, kind="test.note", **envelope)

    return write
