"""The content of a record ``observation.alert`` (docs/fieldwork.md), checked as a whole."""

import datetime
import uuid
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BeforeValidator, Field

from observation.actions.cycles import MOST_CYCLES
from observation.serializers.field_sessions import Pinned, checked
from observation.serializers.parts import Code, Part, Text

LONGEST = 2000  # letters of a description, as on the page of the site


def _with_zone(moment: datetime.datetime) -> datetime.datetime:
    if moment.tzinfo is None:
        raise ValueError(_("write it as %(how)s.") % {"how": "2026-11-25T10:02:05Z"})
    return moment


# Read from a text alone: a number would pass for a moment as well.
Written = BeforeValidator(lambda value: value if isinstance(value, str) else "")
Moment = Annotated[datetime.datetime, Written, AfterValidator(_with_zone)]
Number = Annotated[uuid.UUID, Written]


class FieldAlert(Part):
    session: Number
    room: Code
    cycle: Annotated[int, Field(strict=True, ge=1, le=MOST_CYCLES)]
    item: Code
    instrument: Pinned
    happened_at: Moment
    description: Annotated[Text, Field(max_length=LONGEST)]


def read(content: dict[str, Any]) -> FieldAlert:
    """The alert that ``content`` tells of; ``Malformed`` names in sentences what is wrong."""
    return checked(FieldAlert, content)
