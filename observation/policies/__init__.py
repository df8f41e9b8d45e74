"""What an observation session may do in which state; each rule says no in a sentence.

Rules take rows already at hand (cycles with their ratings, items of the version) and write nothing.
"""

from observation.policies.beginning import (
    caregiver_is_named_when_formative,
    caregiver_works_there,
    day_is_not_to_come,
    mentor_is_not_the_judge,
    observer_is_not_the_caregiver,
    observer_may_record,
    room_is_open,
    version_is_published,
)
from observation.policies.closing import (
    CycleSheet,
    alerts_are_described,
    has_answers,
    has_enough_cycles,
    has_moments,
    has_routine_and_play,
    lasts_long_enough,
    may_be_closed,
    missing_are_meant,
    obstacles,
    unanswered,
)
from observation.policies.draft import (
    MOVES,
    is_draft,
    is_her_own,
    may_be_corrected,
    not_applicable_is_allowed,
    value_fits,
)
from observation.policies.feedback import ItemMean, strengths_and_focus
from observation.policies.safeguarding import (
    CASE_MOVES,
    case_is_in_ones_hands,
    case_may_be_reopened,
    case_may_be_taken,
    case_receiver_is_named,
    case_text_is_given,
)

__all__ = [
    "CASE_MOVES",
    "MOVES",
    "CycleSheet",
    "ItemMean",
    "alerts_are_described",
    "caregiver_is_named_when_formative",
    "caregiver_works_there",
    "case_is_in_ones_hands",
    "case_may_be_reopened",
    "case_may_be_taken",
    "case_receiver_is_named",
    "case_text_is_given",
    "day_is_not_to_come",
    "has_answers",
    "has_enough_cycles",
    "has_moments",
    "has_routine_and_play",
    "is_draft",
    "is_her_own",
    "lasts_long_enough",
    "may_be_closed",
    "may_be_corrected",
    "mentor_is_not_the_judge",
    "missing_are_meant",
    "not_applicable_is_allowed",
    "observer_is_not_the_caregiver",
    "observer_may_record",
    "obstacles",
    "room_is_open",
    "strengths_and_focus",
    "unanswered",
    "value_fits",
    "version_is_published",
]
