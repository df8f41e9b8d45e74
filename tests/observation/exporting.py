"""Exports asked for and made, as the tests of files and of pages need them."""

import zipfile

from django.utils import timezone

from observation.actions import exports
from observation.enums import ExportStatus
from observation.models import Export


def asked(
    by, session, level="wide", form="csv", language="en", deidentified=False, **fields
) -> Export:
    today = timezone.localdate()
    choice = {"level": level, "form": form, "language": language, "deidentified": deidentified}
    wanted = {"unit": None, "days": (today, today), "choice": choice} | fields
    return exports.make(export=exports.request(version=session.version, by=by, **wanted))


def made(*args, **fields) -> zipfile.ZipFile:
    export = asked(*args, **fields)
    assert export.status == ExportStatus.MADE
    return zipfile.ZipFile(exports.path(export))
