"""Questions asked of sessions and instruments in more than one place."""

from observation.queries.official import (
    left_out,
    official,
    official_codings,
    once,
    rules,
    with_flags,
)
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
    "left_out",
    "of_the_programme",
    "officers_for",
    "official",
    "official_codings",
    "once",
    "overdue",
    "readable_by",
    "rules",
    "scored_items",
    "with_due",
    "with_flags",
    "with_scores",
    "without_officer",
]
