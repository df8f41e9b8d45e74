"""The parents' guide: an instrument version, and what each of its items means for a visit."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.refusals import Refusal
from observation.actions import instruments
from observation.enums import InstrumentKind, VersionStatus
from observation.models import InstrumentVersion
from organisations.models import User
from visits.actions import guide_files
from visits.models import GuideItem

CODE = "psg"
NAME = {"es": "Guía de visita para familias", "en": "Parents' visit guide"}
FIELDS = ("stop", "in_safety_index", "severity", "days_to_fix", "evidence_prompt", "shown_by")


@transaction.atomic
def load(
    rows: Iterable[Mapping[str, str | None]],
    *,
    code: str = CODE,
    number: int = 1,
    since: datetime.date | None = None,
    by: User | None = None,
) -> InstrumentVersion:
    """Load and publish the rows of a guide file as version ``number``; again is harmless.

    ``since``: as of ``instruments.publish``.

    Raises ``InvalidRows`` with every problem by row and column, and Refusal where the version is
    published with other content.
    """
    guide = guide_files.parse(rows)
    version = instruments.store(
        content=guide.content,
        code=code,
        kind=InstrumentKind.GUIDE,
        name=NAME,
        number=number,
        by=by,
    )
    if _items_of(version) != guide.items:
        if version.status != VersionStatus.DRAFT:
            raise Refusal(
                _(
                    "Version %(number)s of “%(name)s” is published and its severities, days or "
                    "index differ. A published version never changes: load this file as a new "
                    "version."
                )
                % {"number": number, "name": version.instrument}
            )
        GuideItem.objects.filter(item__version=version).delete()
        GuideItem.objects.bulk_create(
            GuideItem(item=item, **guide.items[item.code]) for item in version.items.all()
        )
        audit.record("visits.load_guide", version, by=by, detail={"items": len(guide.items)})
    return instruments.publish(version=version, since=since, by=by)


def _items_of(version: InstrumentVersion) -> dict[str, dict[str, Any]]:
    rows = GuideItem.objects.filter(item__version=version).values("item__code", *FIELDS)
    return {
        row.pop("item__code"): row | {"evidence_prompt": dict(row["evidence_prompt"])}
        for row in rows
    }
