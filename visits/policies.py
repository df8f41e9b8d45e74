"""What a parent visit allows, and the sentences with which it refuses."""

import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.refusals import Refusal
from observation.enums import VersionStatus
from observation.models import InstrumentVersion
from organisations.enums import UnitKind
from organisations.models import Unit
from visits.models import Visit


def of_a_centre(unit: Unit) -> None:
    if unit.kind != UnitKind.CENTRE:
        raise Refusal(_("Parents visit a centre; “%(unit)s” is none.") % {"unit": unit})


def took_place(on: datetime.date) -> None:
    if on > timezone.localdate():
        raise Refusal(
            _("%(day)s is still to come. Enter a visit after its day.") % {"day": date_format(on)}
        )


def guide_published(version: InstrumentVersion | None) -> InstrumentVersion:
    if version is None or version.status == VersionStatus.DRAFT:
        raise Refusal(_("There is no published guide yet. Load the guide first."))
    return version


def counts_fit(invited: int | None, accepted: int | None, confirmed: int | None) -> None:
    """Who accepted was invited, who confirmed had accepted. Who attends may come unannounced."""
    if invited is not None and accepted is not None and accepted > invited:
        raise Refusal(_("More parents accepted than were invited."))
    if accepted is not None and confirmed is not None and confirmed > accepted:
        raise Refusal(_("More parents confirmed than had accepted."))


def stays_as_answered(visit: Visit, centre: Unit, visited_on: datetime.date) -> None:
    """Once a parent's guide is there, the visit keeps its centre and its day."""
    moved = visit.centre_id != centre.pk or visit.visited_on != visited_on
    if moved and visit.responses.exists():
        raise Refusal(
            _("Parents have answered for this visit; its centre and day can no longer change.")
        )
