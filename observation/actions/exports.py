"""Sessions to take away: asked for, made at once or by a worker, forgotten after some days."""

import datetime
import hashlib
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task

from core import audit
from observation import policies, queries
from observation.actions import export_facts
from observation.enums import ExportStatus, Purpose
from observation.models import Export, InstrumentVersion, ObservationSession
from observation.models.exports import LOST_AFTER, OPEN_STATES
from organisations.enums import UnitKind
from organisations.jurisdiction import ScopedQuerySet
from organisations.models import Unit, User

logger = structlog.get_logger(__name__)


def path(export: Export) -> Path:
    """Where its file lies: private, never below an address."""
    return Path(settings.EXPORTS_ROOT) / f"{export.pk}.zip"


def permission(export: Export) -> str:
    """Which one its person needs, to ask for it and to open it."""
    return queries.DEIDENTIFIED if export.deidentified else queries.PERMISSION


def sessions(export: Export) -> ScopedQuerySet:
    """What it holds: what its person may see on the day on which it is made."""
    rows = ObservationSession.objects.visible_to(export.user, permission(export))
    if export.unit is not None:
        rows = rows.within(export.unit)
    if export.purpose:
        rows = rows.filter(purpose=export.purpose)
    days = (export.starts_on, export.ends_on)
    counted = queries.countable(queries.readable_by(rows, export.user))
    return counted.filter(version=export.version, observed_on__range=days)


@transaction.atomic
def request(
    *,
    version: InstrumentVersion,
    unit: Unit | None,
    days: tuple[datetime.date, datetime.date],
    choice: dict[str, Any],
    by: User,
) -> Export:
    """Ask for an export; one that still waits for the same is given back instead.

    ``choice``: level, form, language, purpose where it is not to be all, and deidentified. A small
    one is made at once, a large one by a worker.
    """
    wanted: dict[str, Any] = {
        "user": by,
        "version": version,
        "unit": unit,
        "starts_on": days[0],
        "ends_on": days[1],
        **choice,
    }
    same = Export.objects.filter(**wanted, status__in=OPEN_STATES)
    if waiting := same.filter(asked_at__gt=timezone.now() - LOST_AFTER).first():
        return waiting
    export = Export(**wanted)
    found = sessions(export)
    count = found.count()
    policies.export_fits(export, count)
    rule = queries.showing_rule()
    if export.deidentified:
        policies.export_hides(len(queries.seen(found, UnitKind.CENTRE)), rule.minimum_centres)
    export.sessions = count
    export.expires_at = timezone.now() + datetime.timedelta(days=rule.kept_days)
    export.save()
    detail: dict[str, Any] = {"version": version.pk, "sessions": count}
    detail |= {name: str(choice.get(name, "")) for name in ("level", "form", "purpose")}
    if export.deidentified:
        detail["deidentified"] = True
    audit.record("exports.request", export, by=by, detail=detail)
    if policies.export_rows(export, count) > rule.at_once:
        transaction.on_commit(lambda: make_export.enqueue(str(export.pk)))
    else:
        transaction.on_commit(lambda: make(export=export))
    return export


@task()
def make_export(pk: str) -> None:
    """``make`` as a background task."""
    make(export=Export.objects.get(pk=pk))


def make(*, export: Export) -> Export:
    """Write its file; a failure is stored, and raised no further.

    One that is made already is given back as it is: a task delivered twice writes once.
    """
    ours = Export.objects.filter(pk=export.pk, status=ExportStatus.WAITING)
    if not ours.update(status=ExportStatus.MAKING):
        return export
    try:
        with override(export.language):
            written = _write(export)
    except Exception:  # whatever broke, the person who waits must be told
        logger.exception("export failed", export=str(export.pk))
        written = {"status": ExportStatus.FAILED}
    Export.objects.filter(pk=export.pk).update(**written)
    export.refresh_from_db()
    return export


def _write(export: Export) -> dict[str, Any]:
    from observation.actions import export_files, export_tables  # noqa: PLC0415 — slow: pandas

    facts = export_facts.of(sessions(export), drawn=export.deidentified)
    table = export_tables.build(export.version, facts, export.level)
    done = 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        Export.objects.filter(pk=export.pk).update(done=done)

    export_files.write(table, export.form, path(export), _about(export), tell)
    with path(export).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"status": ExportStatus.MADE, "sha256": digest, "sessions": done, "done": done}


def _about(export: Export) -> list[str]:
    """What the file holds, line by line."""
    purpose = Purpose(export.purpose).label if export.purpose else _("all purposes")
    return [
        f"Trenza: {export.version}",
        _("Hash of the instrument: %(hash)s") % {"hash": export.version.content_hash},
        _("Place: %(place)s") % {"place": export.unit or _("all of one’s own places")},
        _("Sessions observed from %(first)s to %(last)s, %(purpose)s")
        % {"first": export.starts_on, "last": export.ends_on, "purpose": purpose},
        _("A row is: %(level)s") % {"level": export.get_level_display()},
        _("Closed sessions only; a corrected session is there once, as corrected."),
        _("Of a visit that two observers coded, the session of the first."),
        "",
        *_who(export),
    ]


def _who(export: Export) -> list[str]:
    """How people and places are told."""
    if not export.deidentified:
        return [_("People are numbers; the platform tells whose only to those who may know.")]
    return [
        _(
            "Sessions, regions, centres, rooms, observers and caregivers are numbers drawn for "
            "this file alone; the key was not kept. Rows stand in a drawn order, days are weeks."
        ),
        _(
            "Whoever has the same sessions with their names can still recognise them by their "
            "answers. Keep this file as you would keep those."
        ),
    ]


def forget() -> int:
    """Delete the files whose days are over, and their rows; how many there were."""
    over = Export.objects.filter(expires_at__lte=timezone.now())
    for export in over:
        path(export).unlink(missing_ok=True)
    return over.delete()[0]
