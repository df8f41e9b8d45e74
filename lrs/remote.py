"""Another record store, spoken to over HTTP: what it takes, what it holds, what it gives."""

import datetime
import email.utils
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import httpx
import simplejson
from django.utils import timezone
from django.utils.translation import gettext as _

from lrs import multipart

PATIENCE = httpx.Timeout(30, connect=10)
LONGEST = 120.0  # seconds for a whole answer: one that trickles must not hold a worker for ever
ENOUGH = 64 * 1024  # of an answer to what is sent there, to be understood and shown
LARGEST = 256 * 1024 * 1024  # of what is asked for

File = tuple[str, str, bytes]  # hash, content type, bytes


class Unreachable(Exception):  # noqa: N818 — says what the other store is
    """It cannot be reached, or what it answers cannot be read."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: httpx.Headers
    content: bytes

    @property
    def said(self) -> str:
        """In a line, fit to be kept and shown."""
        text = self.content[:2000].decode(errors="replace").replace("\x00", "")
        return f"HTTP {self.status} {' '.join(text.split())}"[:500].strip()

    @property
    def retry_after(self) -> datetime.datetime | None:
        """RFC 9110, 10.2.3: seconds, or a date."""
        text = self.headers.get("Retry-After", "").strip()
        if text.isdecimal() and len(text) < 9:
            return timezone.now() + datetime.timedelta(seconds=int(text))
        try:
            found = email.utils.parsedate_to_datetime(text)
        except ValueError:
            return None
        return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)

    def json(self) -> Any:
        """The JSON of it, numbers as they stand, or None."""
        try:
            return simplejson.loads(self.content, use_decimal=True)
        except (ValueError, RecursionError):
            return None


class RecordStore:
    """The store at ``endpoint``; a context that keeps its connections for itself."""

    def __init__(self, endpoint: str, key: str, secret: str, version: str):
        self.endpoint = endpoint.rstrip("/") + "/"
        self._client = httpx.Client(
            # As bytes: httpx would write a text in Latin letters only.
            auth=(key.encode(), secret.encode()),
            headers={"X-Experience-API-Version": version, "User-Agent": "Trenza"},
            timeout=PATIENCE,
            follow_redirects=False,  # the key is for this address alone
        )

    def __enter__(self) -> "RecordStore":
        return self

    def __exit__(self, *_error) -> None:
        self._client.close()

    def send(self, statements: list[str], files: list[File]) -> Answer:
        """POST statements as they are written, with the bytes of their attachments."""
        text = f"[{','.join(statements)}]"
        if not files:
            headers = {"Content-Type": "application/json"}
            return self._ask("POST", "statements", content=text.encode(), headers=headers)
        mark = multipart.boundary()
        return self._ask(
            "POST",
            "statements",
            content=multipart.joined(text, files, mark),
            headers={"Content-Type": f'multipart/mixed; boundary="{mark}"'},
        )

    def statement(self, statement_id: str) -> dict[str, Any] | None:
        """The statement it holds under this id, voided or not, if it lets us see it."""
        for name in ("statementId", "voidedStatementId"):
            answer = self._ask("GET", f"statements?{urlencode({name: statement_id})}", most=LARGEST)
            if answer.status >= 500 or answer.status == 429:
                raise Unreachable(answer.said)
            if answer.status == 200:
                found = answer.json()
                return found if isinstance(found, dict) else None
        return None

    def versions(self) -> list[str]:
        """What its about resource says that it speaks; empty if it says nothing of use."""
        about = self._ask("GET", "about").json()
        found = about.get("version") if isinstance(about, dict) else None
        return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []

    def page(self, address: str) -> Answer:
        """A page of statements, at an address relative to the endpoint or as ``more`` gave it."""
        return self._ask("GET", address, most=LARGEST)

    def _ask(self, method: str, address: str, *, most: int | None = None, **content: Any) -> Answer:
        try:
            url = urljoin(self.endpoint, address)
            same = urlsplit(url)[:2] == urlsplit(self.endpoint)[:2]
        except ValueError as trouble:
            raise Unreachable(str(trouble)) from None
        if not same:
            raise Unreachable(_("It sends us on to another place, which we do not follow."))
        ends, found = time.monotonic() + LONGEST, bytearray()
        try:
            with self._client.stream(method, url, **content) as response:
                for piece in response.iter_bytes():
                    found += piece
                    if most is None and len(found) > ENOUGH:
                        break
                    if len(found) > (most or ENOUGH) or time.monotonic() > ends:
                        raise Unreachable(_("Its answer is too long, or takes too long."))
        except (httpx.HTTPError, httpx.InvalidURL) as trouble:
            raise Unreachable(str(trouble)[:500] or type(trouble).__name__) from None
        return Answer(response.status_code, response.headers, bytes(found))
