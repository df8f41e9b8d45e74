"""The content of a record ``observation.session`` (docs/fieldwork.md), checked as a whole."""

import datetime
from collections.abc import Callable, Iterable
from typing import Annotated, Any

import pydantic
from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from core.bodies import Malformed
from observation.actions.cycles import MOST_CYCLES, NOTE_LENGTH, CycleEntry
from observation.enums import Moment, Purpose, RatingState
from observation.models.instruments import CODE_LENGTH
from observation.serializers.parts import Code, Part, Shape, Text, Value
from observation.serializers.sentences import sentence
from organisations.enums import AgeGroup

MOST_TOLD = 5  # problems named at once
MOST_PICTURES = 10
MOST_OF_A_KIND = 500  # answers, notes, pauses of a cycle
PLAIN = str | int | float | bool | None


def _one_of(words: Iterable[str]) -> AfterValidator:
    known = [str(word) for word in words]

    def check(value: str) -> str:
        if value not in known:
            raise ValueError(_("write one of: %(words)s.") % {"words": ", ".join(known)})
        return value

    return AfterValidator(check)


def _read(parse: Callable[[str], Any], length: int, how: str) -> BeforeValidator:
    """Read a text of this length: what can be written in two ways would have two hashes."""

    def check(value: Any) -> Any:
        try:
            return parse(value if isinstance(value, str) and len(value) == length else "")
        except ValueError:
            raise ValueError(_("write it as %(how)s.") % {"how": how}) from None

    return BeforeValidator(check)


def _plain(value: Any) -> Any:
    parts = value if isinstance(value, list) and len(value) <= 2 else [value]
    if not all(isinstance(part, PLAIN) for part in parts) or len(str(value)) > NOTE_LENGTH:
        raise ValueError(_("this cannot be an answer."))
    return value


def _said(value: str) -> str:
    if not value.strip():
        raise ValueError(_("this must be said."))
    return value


def _given(value: bool) -> bool:
    if not value:
        raise ValueError(_("without consent there is no picture."))
    return value


Note = Annotated[Text, Field(max_length=NOTE_LENGTH)]
Flag = Annotated[bool, Field(strict=True)]
Whole = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
Day = Annotated[datetime.date, _read(datetime.date.fromisoformat, 10, "2026-11-25")]
Time = Annotated[datetime.time, _read(datetime.time.fromisoformat, 8, "10:02:05")]
Hash = Annotated[Text, Field(pattern="^[0-9a-f]{64}$")]
Said = Annotated[Text, AfterValidator(_said)]
Consent = Annotated[bool, Field(strict=True), AfterValidator(_given)]
Mark = Annotated[int, Field(strict=True, ge=0, le=1)]


class Answer(Part):
    state: Annotated[Text, _one_of(RatingState.values)]
    value: Value | None = None
    note: Note = ""
    marks: Annotated[list[Mark | None], Field(max_length=60)] = []


class Written(Part):
    at: Time
    item: Annotated[Text, Field(max_length=CODE_LENGTH)] = ""
    text: Annotated[Text, Field(max_length=2000)]


class FieldCycle(Part):
    number: Annotated[int, Field(strict=True, ge=1, le=MOST_CYCLES)]
    moments: list[Annotated[Text, _one_of(Moment.values)]] = []
    started_at: Time | None = None
    ended_at: Time | None = None
    minutes_reason: Annotated[Text, Field(max_length=200)] = ""
    context: Annotated[
        dict[Code, Annotated[Any, AfterValidator(_plain)]], Field(max_length=MOST_OF_A_KIND)
    ] = {}
    pauses: Annotated[
        list[Annotated[list[Time], Field(min_length=2, max_length=2)]],
        Field(max_length=MOST_OF_A_KIND),
    ] = []
    notes: Annotated[list[Written], Field(max_length=MOST_OF_A_KIND)] = []
    ratings: Annotated[dict[Code, Answer], Field(max_length=MOST_OF_A_KIND)] = {}


class Pinned(Part):
    """The version as the phone has it: number and hash of its content."""

    code: Code
    version: Annotated[int, Field(strict=True, ge=1, le=32767)]
    hash: Hash


class Pictured(Part):
    """A picture that comes on its own, by its hash, and who agreed to it."""

    sha256: Hash
    shows: Annotated[Said, Field(max_length=300)]
    agreed_by: Annotated[Said, Field(max_length=200)]
    no_child: Consent


class FieldSession(Part):
    room: Code
    caregiver: Whole | None
    purpose: Annotated[Text, _one_of(Purpose.values)]
    observed_on: Day
    age_group: Annotated[Text, _one_of(["", *AgeGroup.values])]
    instrument: Pinned
    appointment: Annotated[Text, Field(max_length=64)] = ""
    leave_missing: Flag
    cycles: Annotated[list[FieldCycle], Field(max_length=MOST_CYCLES)]
    pictures: Annotated[list[Pictured], Field(max_length=MOST_PICTURES)] = []

    @pydantic.field_validator("cycles")
    @classmethod
    def each_once(cls, cycles: list[FieldCycle]) -> list[FieldCycle]:
        if len({cycle.number for cycle in cycles}) < len(cycles):
            raise ValueError(_("a number stands twice."))
        return cycles

    @pydantic.field_validator("pictures")
    @classmethod
    def each_picture_once(cls, pictures: list[Pictured]) -> list[Pictured]:
        if len({picture.sha256 for picture in pictures}) < len(pictures):
            raise ValueError(_("a picture stands twice."))
        return pictures

    @property
    def span(self) -> tuple[datetime.time, datetime.time] | None:
        """From the first beginning to the last end; None where no time was taken."""
        begun = [cycle.started_at for cycle in self.cycles if cycle.started_at]
        ended = [cycle.ended_at for cycle in self.cycles if cycle.ended_at]
        return (min(begun), max(ended)) if begun and ended else None

    def entries(self) -> list[CycleEntry]:
        """The cycles as ``actions.cycles`` takes them."""
        return [_entry(cycle) for cycle in self.cycles]


def read(content: dict[str, Any]) -> FieldSession:
    """The session that ``content`` tells of; ``Malformed`` names in sentences what is wrong."""
    return checked(FieldSession, content)


def checked(shape: type[Shape], content: dict[str, Any]) -> Shape:
    """``content`` in ``shape``; ``Malformed`` names in sentences what is wrong."""
    try:
        return shape.model_validate(content)
    except pydantic.ValidationError as wrong:
        told = [sentence(error) for error in wrong.errors()[:MOST_TOLD]]
        raise Malformed("", " ".join(told)) from None


def _entry(cycle: BaseModel) -> CycleEntry:
    entry = cycle.model_dump()
    entry["pauses"] = [[each.isoformat() for each in pause] for pause in entry["pauses"]]
    entry["notes"] = [note | {"at": note["at"].isoformat()} for note in entry["notes"]]
    return entry  # type: ignore[return-value]  # its fields are those of the entry
