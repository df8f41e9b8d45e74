"""Pictures beside records: sent in parts, named by the hash of their bytes, stored once whole."""

import datetime
import hashlib

from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.bodies import Malformed
from core.refusals import Refusal
from fieldwork.models import Blob, BlobPart
from fieldwork.serializers import pictures
from organisations.models import User

MOST_BYTES = 3 * 1024 * 1024  # 1600 pixels of the longer side take about 400 kB
MOST_UNFINISHED = 50
KEPT_UNFINISHED = datetime.timedelta(days=30)


class MisplacedPartError(Exception):
    """The part does not begin where the bytes so far end."""


def file_name(sha256: str) -> str:
    """Where the picture with this hash lies in the storage ``field``."""
    return f"{sha256[:2]}/{sha256}"


def opened(sha256: str) -> File:
    """The whole picture with this hash, to be read; FileNotFoundError where it is not there."""
    return storages["field"].open(file_name(sha256))


def append(*, sha256: str, offset: int, content: bytes, length: int | None, by: User) -> Blob:
    """Add ``content`` at ``offset``; once the bytes have the hash they are stored and final.

    ``length``: how many bytes there are in all, where the phone says so. Raises
    ``MisplacedPartError`` where
    ``offset`` is not the end so far. ``Malformed`` where what came is no bare picture, or is all
    there and has another hash; then it begins again from zero.
    """
    try:
        return _append(sha256, offset, content, length, by)
    except Malformed:
        Blob.objects.filter(sha256=sha256, by=by, completed_at=None).delete()
        raise


@transaction.atomic
def _append(sha256: str, offset: int, content: bytes, length: int | None, by: User) -> Blob:
    _make_room(by)
    Blob.objects.get_or_create(sha256=sha256, by=by)
    blob = Blob.objects.select_for_update().get(sha256=sha256, by=by)
    if blob.completed_at is not None:
        return blob
    if offset != blob.size:
        raise MisplacedPartError
    if blob.size + len(content) > MOST_BYTES:
        raise Malformed("", _("The picture is larger than %(most)s bytes.") % {"most": MOST_BYTES})
    if content:
        BlobPart.objects.create(blob=blob, offset=offset, content=content)
    blob.size += len(content)
    whole = b"".join(bytes(part.content) for part in blob.parts.order_by("offset"))
    if hashlib.sha256(whole).hexdigest() == sha256:
        _finish(blob, whole, by)
    elif length is not None and blob.size >= length:
        raise Malformed("", _("This did not arrive whole. Send it again."))
    blob.save()
    return blob


def _finish(blob: Blob, whole: bytes, by: User) -> None:
    blob.media_type = pictures.media_type(whole)
    blob.completed_at = timezone.now()
    storage, name = storages["field"], file_name(blob.sha256)
    if not storage.exists(name):
        storage.save(name, ContentFile(whole))
    blob.parts.all().delete()
    audit.record("blobs.receive", blob, by=by, detail={"size": blob.size})


def _make_room(by: User) -> None:
    unfinished = Blob.objects.filter(by=by, completed_at=None)
    unfinished.filter(begun_at__lt=timezone.now() - KEPT_UNFINISHED).delete()
    if unfinished.count() > MOST_UNFINISHED:
        raise Refusal(_("Too many pictures were begun and not finished. Send those first."))
