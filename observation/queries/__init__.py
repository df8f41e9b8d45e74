"""Questions asked of sessions and instruments in more than one place."""

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
    official,
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
    "readable_by",
    "scored_items",
    "with_scores",
]
