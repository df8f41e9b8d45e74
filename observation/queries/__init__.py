"""Questions asked of sessions and instruments in more than one place."""

from observation.queries.safeguarding import (
    NULLS_LAST_BY_DUE,
    alerts_of,
    officers_for,
    overdue,
    with_due,
    without_officer,
)
from observation.queries.sessions import (
    at_places,
    caregivers_in,
    checklist_versions,
    closed,
    current,
    drafts_of,
    item_means,
    of_the_programme,
    official,
    readable_by,
    scored_items,
    with_scores,
)

__all__ = [
    "NULLS_LAST_BY_DUE",
    "alerts_of",
    "at_places",
    "caregivers_in",
    "checklist_versions",
    "closed",
    "current",
    "drafts_of",
    "item_means",
    "of_the_programme",
    "officers_for",
    "official",
    "overdue",
    "readable_by",
    "scored_items",
    "with_due",
    "with_scores",
    "without_officer",
]
