"""The bytes of attachments: named by their hash, kept once, in the private storage ``xapi``."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import simplejson
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils.translation import gettext as _

from lrs import signatures
from lrs.models import Attachment, Statement
from lrs.multipart import Part
from lrs.validation import Malformed

ALGORITHMS = {56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}


def described(statement: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The attachments that a statement, or its sub-statement, describes."""
    yield from statement.get("attachments", ())
    if statement["object"].get("objectType") == "SubStatement":
        yield from described(statement["object"])


def check(statements: Iterable[dict[str, Any]], files: dict[str, Part]) -> None:
    """1.5.2: each file is described, each description has its file or an address, hashes hold."""
    wanted: set[str] = set()
    for statement in statements:
        for n, one in enumerate(described(statement)):
            sha2 = one["sha2"].lower()
            wanted.add(sha2)
            if sha2 not in files and "fileUrl" not in one:
                raise Malformed(
                    f"attachments[{n}]", _("Send the file with the statement, or its fileUrl.")
                )
            if one["usageType"] == signatures.USAGE and sha2 in files:
                if one["contentType"] != "application/octet-stream":
                    raise Malformed(
                        f"attachments[{n}].contentType",
                        _("A signature is of the type application/octet-stream."),
                    )
                signatures.check(statement, files[sha2].content)
    for sha2, part in files.items():
        if sha2 not in wanted:
            raise Malformed("X-Experience-API-Hash", _("No statement describes this attachment."))
        if hashlib.new(ALGORITHMS[len(sha2)], part.content).hexdigest() != sha2:
            raise Malformed("X-Experience-API-Hash", _("This is not the hash of what came."))


def keep(files: dict[str, Part]) -> None:
    """Keep checked ``files``. Before the statements: bytes that nothing describes do no harm."""
    storage = storages["xapi"]
    known = set(Attachment.objects.filter(pk__in=files).values_list("pk", flat=True))
    for sha2, part in files.items():
        if sha2 not in known and not storage.exists(path(sha2)):
            storage.save(path(sha2), ContentFile(part.content))
    Attachment.objects.bulk_create(
        [
            Attachment(sha2=sha2, content_type=part.content_type, length=len(part.content))
            for sha2, part in sorted(files.items())
        ],
        ignore_conflicts=True,
    )


def of_statements(rows: Iterable[Statement]) -> Iterator[tuple[str, str, bytes]]:
    """(hash, content type, bytes) of what ``rows`` describe and the store has, each once."""
    hashes = {
        one["sha2"].lower(): one["sha2"]
        for row in rows
        for one in described(simplejson.loads(row.raw))
    }
    for row in Attachment.objects.filter(pk__in=hashes).order_by("pk"):
        with storages["xapi"].open(path(row.pk)) as file:
            yield hashes[row.pk], row.content_type, file.read()


def path(sha2: str) -> str:
    return f"{sha2[:2]}/{sha2}"
