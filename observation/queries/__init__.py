"""Questions asked of sessions and instruments in more than one place."""

from observation.queries.official import (
    official,
    official_codings,
    once,
    rules,
    with_flags,
)
from observation.queries.sessions import (
    at_places,
    caregivers_in,
    checklist_versions,
    closed,
    current,
    described,
    drafts_of,
    item_means,
    of_the_programme,
    readable_by,
    scored_items,
    with_scores,
)

__all__ = [
    "at_places",
    "caregivers_in",
    "checklist_versions",
    "closed",
    "current",
    "described",
    "drafts_of",
    "item_means",
    "of_the_programme",
    "official",
    "official_codings",
    "once",
    "readable_by",
    "rules",
    "scored_items",
    "with_flags",
    "with_scores",
]
