"""Questions asked of sessions and instruments in more than one place."""

from observation.queries.ranges import (
    HUNDRED,
    Ranges,
    ScoreRange,
    in_percent,
    ranges_of,
    score_ranges,
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
    newest_checklists,
    of_the_programme,
    official,
    readable_by,
    scored_items,
    with_scores,
)

__all__ = [
    "HUNDRED",
    "Ranges",
    "ScoreRange",
    "at_places",
    "caregivers_in",
    "checklist_versions",
    "closed",
    "current",
    "described",
    "drafts_of",
    "in_percent",
    "item_means",
    "newest_checklists",
    "of_the_programme",
    "official",
    "ranges_of",
    "readable_by",
    "score_ranges",
    "scored_items",
    "with_scores",
]
