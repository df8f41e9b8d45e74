"""A file of an instrument: held while a person looks at what was understood, then a draft."""

import datetime
import hashlib
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.refusals import Refusal
from observation import policies
from observation.actions import instruments
from observation.enums import InstrumentKind
from observation.models import Instrument, InstrumentFile, InstrumentVersion
from organisations.models import User

KEPT = datetime.timedelta(days=1)


@transaction.atomic
def hold(
    *,
    name: str,
    content: bytes,
    form: str,
    document: dict[str, Any],
    left_out: list[dict[str, str]],
    by: User,
) -> InstrumentFile:
    """Keep what was understood of a file for a day; clears what nobody confirmed in time.

    Refusal for anything but a checklist.
    """
    if document["kind"] != InstrumentKind.CHECKLIST:
        raise Refusal(
            _("Only checklists are brought in here. A parents' guide is loaded with the visits.")
        )
    waiting = InstrumentFile.objects.filter(version=None)
    waiting.filter(sent_at__lte=timezone.now() - KEPT).delete()
    return InstrumentFile.objects.create(
        user=by,
        form=form,
        name=name[-200:],
        sha256=hashlib.sha256(content).hexdigest(),
        document=document,
        left_out=left_out,
    )


@transaction.atomic
def confirm(*, file: InstrumentFile, code: str, by: User) -> tuple[InstrumentVersion, bool]:
    """Make ``file`` a draft of the instrument ``code``, and say whether that made a new version.

    Content that a version of this instrument has already changes nothing, and neither does
    confirming twice. Refusal where ``code`` is an instrument of another kind.
    """
    file = InstrumentFile.objects.select_for_update().get(pk=file.pk)
    if file.version_id is not None:
        return cast(InstrumentVersion, file.version), False
    document = file.document
    known = {"kind": document["kind"], "name": document["name"]}
    Instrument.objects.get_or_create(code=code, defaults=known)
    # Locked, so that two files at once do not ask for the same number.
    instrument = Instrument.objects.select_for_update().get(code=code)
    if instrument.kind != document["kind"]:
        raise Refusal(
            _("“%(code)s” is another kind of instrument. Choose another code.") % {"code": code}
        )
    versions = list(instrument.versions.order_by("number"))
    same = [one for one in versions if instruments.content_of(one) == document["content"]]
    if not same:
        policies.has_no_draft(versions)
    number = versions[-1].number + 1 if versions else document["number"]
    version = (
        same[-1]
        if same
        else instruments.store(
            content=document["content"],
            code=code,
            kind=document["kind"],
            name=document["name"],
            number=number,
            by=by,
        )
    )
    file.version, file.confirmed_at = version, timezone.now()
    file.save(update_fields=["version", "confirmed_at"])
    detail = {"form": file.form, "sha256": file.sha256, "left_out": len(file.left_out)}
    audit.record("instrument_files.confirm", version, by=by, detail=detail)
    return version, not same
