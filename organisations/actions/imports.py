"""Keep a list between its preview and its confirmation, and apply it once."""

import hashlib

from django.db import transaction
from django.utils import timezone

from core import audit, row_imports, spreadsheets
from core.import_kinds import Kind
from core.row_imports import Preview
from core.spreadsheets import Sheet
from organisations.models import ImportFile, User


@transaction.atomic
def hold(*, kind: Kind, name: str, content: bytes, by: User) -> ImportFile:
    """Keep a list for a day; the same one again is the same file. Clears what has expired.

    Raises SpreadsheetError where it cannot be read or its headings do not fit.
    """
    row_imports.check_headings(kind.job(by), spreadsheets.read(content, name))
    clear_expired()
    sha256 = hashlib.sha256(content).hexdigest()
    waiting = ImportFile.objects.kept_for(by).filter(
        kind=kind.name, sha256=sha256, applied_at__isnull=True
    )
    return waiting.first() or ImportFile.objects.create(
        user=by, kind=kind.name, name=name[-200:], sha256=sha256, content=content
    )


def clear_expired() -> int:
    """Remove the lists whose day is over, and say how many."""
    cleared, _models = ImportFile.objects.filter(expires_at__lte=timezone.now()).delete()
    return cleared


def sheet(file: ImportFile) -> Sheet:
    """What ``file`` holds."""
    return spreadsheets.read(bytes(file.content), file.name)


@transaction.atomic
def confirm(*, file: ImportFile, kind: Kind, by: User) -> Preview | None:
    """Apply ``file`` and empty it; None where that was done before.

    Raises RowsRefused where a row no longer fits: nothing is written and the file is kept.
    """
    file = ImportFile.objects.select_for_update().get(pk=file.pk)
    if file.applied_at is not None:
        return None
    done = row_imports.apply(kind.job(by), sheet(file))
    file.applied_at, file.counts, file.content = timezone.now(), done.counts, b""
    file.save(update_fields=["applied_at", "counts", "content"])
    detail = {"kind": kind.name, "sha256": file.sha256} | done.counts
    audit.record("imports.confirm", file, by=by, detail=detail)
    return done
