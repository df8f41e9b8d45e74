"""``multipart/mixed``: statements and the bytes of their attachments in one body (1.5.2).

Python's own parser is one for mail: it reads lines, and changes bytes that look like ends of them.
"""

import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser

from django.utils.translation import gettext as _

from lrs.validation import Malformed

BOUNDARY = re.compile(r'boundary\s*=\s*(?:"([^"]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
MOST = 1000  # parts


@dataclass(frozen=True)
class Part:
    headers: Message
    content: bytes

    @property
    def content_type(self) -> str:
        return str(self.headers.get("Content-Type", "application/octet-stream"))[:255]

    @property
    def hash(self) -> str:
        return str(self.headers.get("X-Experience-API-Hash", "")).strip().lower()


def parts(body: bytes, content_type: str) -> list[Part]:
    """The parts of ``body``, at least one."""
    found = BOUNDARY.search(content_type)
    if not found:
        raise Malformed("Content-Type", _("This content type names no boundary."))
    mark = b"--" + (found[1] or found[2]).encode("latin-1", "replace")
    # Each delimiter begins a line; the line end before it belongs to it.
    pieces = re.split(rb"(?:\A|\r?\n)" + re.escape(mark), body)
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        raise Malformed("", _("The body has no parts between its boundaries, or no end."))
    if len(pieces) > MOST:
        raise Malformed("", _("The body has too many parts."))
    return [_part(piece) for piece in pieces[1:-1]]


def _part(piece: bytes) -> Part:
    # What stands behind the boundary on its line is white space.
    line = re.match(rb"[ \t]*\r?\n", piece)
    if not line:
        raise Malformed("", _("The body has no parts between its boundaries, or no end."))
    rest = piece[line.end() :]
    blank = re.search(rb"(?:\A|\r?\n)\r?\n", rest)
    if not blank:
        raise Malformed("", _("A part of the body has no empty line after its headers."))
    headers = BytesHeaderParser().parsebytes(rest[: blank.start()])
    return Part(headers, rest[blank.end() :])


def json_of(part: Part) -> bytes:
    """1.5.2: the first part is the statements."""
    if part.content_type.split(";")[0].strip().lower() != "application/json":
        raise Malformed("Content-Type", _("The first part must be application/json."))
    return part.content


def by_hash(some: Iterable[Part]) -> dict[str, Part]:
    """1.5.2: each further part is an attachment that says its hash, and is binary."""
    found = {}
    for part in some:
        encoding = str(part.headers.get("Content-Transfer-Encoding", "")).strip().lower()
        if encoding != "binary":
            raise Malformed(
                "Content-Transfer-Encoding", _("Attachments are sent with the encoding “binary”.")
            )
        if not part.hash:
            raise Malformed("X-Experience-API-Hash", _("This header is missing."))
        found[part.hash] = part
    return found


def boundary() -> str:
    return secrets.token_hex(20)


def joined(text: str, files: Iterable[tuple[str, str, bytes]], mark: str) -> bytes:
    """``text`` as JSON and ``files`` (hash, content type, bytes) as one body."""
    return b"".join(_pieces(text, files, mark.encode()))


def _pieces(text: str, files: Iterable[tuple[str, str, bytes]], mark: bytes) -> Iterator[bytes]:
    yield b"--%b\r\nContent-Type: application/json\r\n\r\n%b\r\n" % (mark, text.encode())
    for sha2, content_type, content in files:
        yield (
            b"--%b\r\nContent-Type: %b\r\nContent-Transfer-Encoding: binary\r\n"
            b"X-Experience-API-Hash: %b\r\n\r\n"
        ) % (mark, content_type.encode(), sha2.encode())
        yield content
        yield b"\r\n"
    yield b"--%b--\r\n" % mark
