"""State and profile documents: xAPI 1.0.3, Part Three, 2.2; 2.0, 4.1.6.2, 4.1.6.5, 4.1.6.6."""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import simplejson
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lrs import keys
from lrs.enums import Resource
from lrs.models import Document
from lrs.validation import Malformed, parse


class Precondition(Exception):  # noqa: N818 — named after HTTP's 412
    """The document is not as the client believes (412), or it says nothing of that (409)."""

    def __init__(self, status: int, where: str, sentence: str):
        super().__init__(sentence)
        self.status, self.where = status, where


@dataclass(frozen=True)
class Folder:
    """Where documents lie together; ``activity`` and ``agent`` are keys, empty where none."""

    resource: Resource
    activity: bytes = b""
    agent: bytes = b""
    registration: uuid.UUID | None = None

    def place(self, document_id: str) -> bytes:
        registration = str(self.registration or "")
        return keys.key(self.resource, self.activity, self.agent, registration, document_id)

    def documents(self) -> QuerySet[Document]:
        """All documents here; without a registration, those of every registration."""
        rows = Document.objects.filter(
            resource=self.resource, activity=self.activity, agent=self.agent
        )
        return rows.filter(registration=self.registration) if self.registration else rows

    def document(self, document_id: str) -> QuerySet[Document]:
        return Document.objects.filter(place=self.place(document_id))


@dataclass(frozen=True)
class Conditions:
    """3.1: ``If-Match`` and ``If-None-Match`` as they came.

    ``must`` if a PUT over a document has to bring one, ``always`` if any PUT has to.
    """

    match: str = ""
    none_match: str = ""
    must: bool = False
    always: bool = False

    def check(self, there: Document | None) -> None:
        tag = f'"{there.etag}"' if there else None
        if self.match and (tag is None or not _among(tag, self.match)):
            raise Precondition(412, "If-Match", _("The document has changed. Read it again."))
        if self.none_match and tag and _among(tag, self.none_match):
            raise Precondition(412, "If-None-Match", _("There is a document here already."))
        if self.match or self.none_match:
            return
        if self.always and there is None:
            raise Malformed("If-None-Match", _("Send If-None-Match: * for a new document."))
        if self.must and there:
            raise Precondition(
                409,
                "If-Match",
                _("There is a document here. Read it and send its ETag as If-Match."),
            )


def put(
    *, folder: Folder, document_id: str, content: bytes, content_type: str, when: Conditions
) -> Document:
    """Keep ``content`` in place of what was there."""
    return _write(folder, document_id, when, lambda _there: (content, content_type))


def post(
    *, folder: Folder, document_id: str, content: bytes, content_type: str, when: Conditions
) -> Document:
    """2.2: lay the properties of ``content`` over those there; other content only where none is."""
    new = _json(content, content_type)

    def merged(there: Document | None) -> tuple[bytes, str]:
        if there is None:
            return content, content_type
        old = _json(bytes(there.content), there.content_type)
        if old is None or new is None:
            raise Malformed("", _("Only JSON objects can be put together."))
        return simplejson.dumps(old | new, ensure_ascii=False).encode(), "application/json"

    return _write(folder, document_id, when, merged)


@transaction.atomic
def delete(*, folder: Folder, document_id: str, when: Conditions) -> None:
    """Take the document away; again changes nothing."""
    there = folder.document(document_id).select_for_update().first()
    when.check(there)
    if there:
        there.delete()


def delete_all(*, folder: Folder) -> int:
    """Take all documents of ``folder`` away; return how many."""
    return folder.documents().delete()[0]


@transaction.atomic
def _write(
    folder: Folder,
    document_id: str,
    when: Conditions,
    made: Callable[[Document | None], tuple[bytes, str]],
) -> Document:
    place = folder.place(document_id)
    _have_alone(place)
    there = folder.document(document_id).first()
    when.check(there)
    content, content_type = made(there)
    row = there or Document(
        resource=folder.resource,
        activity=folder.activity,
        agent=folder.agent,
        registration=folder.registration,
        document_id=document_id,
        place=place,
    )
    row.content, row.content_type = content, content_type
    row.etag = hashlib.sha1(content, usedforsecurity=False).hexdigest()  # so 3.1 wants it
    row.updated_at = timezone.now()
    row.save()
    return row


def _have_alone(place: bytes) -> None:
    """A row that is not there yet cannot be locked, and two might both find none."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            number = int.from_bytes(place[:8], signed=True)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _json(content: bytes, content_type: str) -> dict | None:
    """The JSON object in ``content``, if it says that it is one. Raises ``Malformed``."""
    if content_type.split(";", maxsplit=1)[0].strip().lower() != "application/json":
        return None
    value = parse(content, exact=True)
    if not isinstance(value, dict):
        return None
    return value


def _among(tag: str, header: str) -> bool:
    """RFC 9110, 13.1: whether a list of ETags, or ``*``, names ``tag``."""
    given = {part.strip().removeprefix("W/") for part in header.split(",")}
    return "*" in given or tag in given
