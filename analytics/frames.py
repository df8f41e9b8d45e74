"""What the analyses start from: the frames of the apps below, joined to units."""

import datetime
from typing import TYPE_CHECKING

from observation.enums import ItemKind
from observation.models import InstrumentVersion, ObservationSession, Rating
from observation.queries import current
from organisations.models import Unit

if TYPE_CHECKING:
    import pandas as pd


def sessions_of(
    version: InstrumentVersion, unit: Unit, starts_on: datetime.date, ends_on: datetime.date
):
    """Closed sessions of ``version`` within ``unit``; an imported data set has no days."""
    sessions = current(ObservationSession.objects.filter(version=version).within(unit))
    if hasattr(version, "dataset"):
        return sessions
    return sessions.filter(dataset=None, observed_on__range=(starts_on, ends_on))


def items(version: InstrumentVersion) -> "pd.DataFrame":
    """Scored items: item, text, domain, domain_name (in the language being read), minimum, maximum."""
    import pandas as pd  # noqa: PLC0415 — slow: tasks and commands only

    rows = version.items.filter(kind=ItemKind.SCORED).select_related("domain", "scale")
    return pd.DataFrame(
        [
            {
                "item": item.code,
                "text": str(item.text),
                "domain": item.domain.code,
                "domain_name": str(item.domain.name),
                "minimum": item.scale.minimum,
                "maximum": item.scale.maximum,
            }
            for item in rows.order_by("order")
        ]
    )


def validity_ratings(sessions) -> "pd.DataFrame":
    """One row per rating: session (hex), subject, rater, duplicate, item, state, value (float).

    In the programme's own sessions the subject is a room on a day and the rater the observer's id.
    """
    import pandas as pd  # noqa: PLC0415 — slow

    names = {
        "cycle__session_id": "session",
        "cycle__session__subject": "subject",
        "cycle__session__rater": "rater",
        "cycle__session__unit__code": "room",
        "cycle__session__observed_on": "day",
        "cycle__session__observer_id": "observer",
        "cycle__session__duplicate_of_id": "original",
        "item__code": "item",
        "state": "state",
        "value": "value",
    }
    rows = Rating.objects.filter(cycle__session__in=sessions).order_by(
        "cycle__session__line", "cycle__session_id", "cycle__number", "item__order"
    )
    frame = pd.DataFrame.from_records(rows.values_list(*names), columns=list(names.values()))
    own = frame["subject"] == ""
    frame["subject"] = frame["subject"].where(~own, frame["room"] + " " + frame["day"].astype(str))
    frame["rater"] = frame["rater"].where(~own, frame["observer"].astype(str))
    frame["duplicate"] = frame["original"].notna()
    frame["value"] = frame["value"].astype(float)
    frame["session"] = frame["session"].astype(str)
    return frame[["session", "subject", "rater", "duplicate", "item", "state", "value"]]
