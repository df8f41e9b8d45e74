"""What must hold before a session begins."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core.refusals import Refusal
from observation.enums import Purpose, VersionStatus
from observation.models import InstrumentVersion
from organisations.enums import UnitKind
from organisations.models import Post, Unit
from organisations.roles import RoleCode


def room_is_open(room: Unit, on: datetime.date) -> None:
    if room.kind != UnitKind.ROOM:
        raise Refusal(_("“%(unit)s” is not a room. Choose one of its rooms.") % {"unit": room})
    if room.closed_on is not None and room.closed_on <= on:
        raise Refusal(
            _("The room “%(room)s” closed on %(day)s. Choose a room that is open.")
            % {"room": room, "day": room.closed_on}
        )


def version_is_published(version: InstrumentVersion) -> None:
    if version.status != VersionStatus.PUBLISHED:
        raise Refusal(
            _("“%(version)s” is not published. Observe with a published version.")
            % {"version": version}
        )


def observer_may_record(observer, room: Unit) -> None:
    if not room.visible_to(observer, "observation.record"):
        raise Refusal(
            # Read by her and by those who plan for her or decide about her records.
            _("%(observer)s holds no post to observe in “%(room)s”. The coordination gives posts.")
            % {"observer": observer, "room": room}
        )


def caregiver_works_there(caregiver, room: Unit, on: datetime.date) -> None:
    """A caregiver's post lies in the room, or in its centre when she covers several rooms."""
    places = [room.path, room.path[: -Unit.steplen]]
    posts = Post.objects.in_force(on).filter(user=caregiver, role=RoleCode.CAREGIVER)
    if not posts.filter(unit__path__in=places).exists():
        raise Refusal(
            _(
                "%(caregiver)s does not work in “%(room)s” on that day. "
                "Choose a caregiver of the room, or have her post entered."
            )
            % {"caregiver": caregiver, "room": room}
        )


def caregiver_is_named_when_formative(caregiver, purpose: str) -> None:
    if caregiver is None and purpose == Purpose.FORMATIVE:
        raise Refusal(_("Choose the caregiver whom the feedback is for."))


def observer_is_not_the_caregiver(observer, caregiver) -> None:
    if caregiver is not None and caregiver == observer:
        raise Refusal(_("Nobody observes herself. Choose another caregiver."))


def day_is_not_to_come(on: datetime.date) -> None:
    if on > timezone.localdate():
        raise Refusal(_("The day of the observation is still to come. Choose today or earlier."))
