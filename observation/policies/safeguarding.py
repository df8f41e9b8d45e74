"""What may be done with a safeguarding case."""

from django.utils.translation import gettext as _

from core.refusals import Refusal
from core.states import Moves
from observation.enums import CaseStatus
from observation.models import SafeguardingCase

CASE_MOVES = Moves(
    name="safeguarding_case",
    title="A safeguarding case",
    start=CaseStatus.OPEN.value,
    moves={
        CaseStatus.OPEN.value: {CaseStatus.IN_HAND.value: "take"},
        CaseStatus.IN_HAND.value: {
            CaseStatus.HANDED_OVER.value: "hand over",
            CaseStatus.CLOSED.value: "close",
        },
        CaseStatus.HANDED_OVER.value: {
            CaseStatus.CLOSED.value: "close",
            CaseStatus.IN_HAND.value: "reopen",
            CaseStatus.OPEN.value: "another alert",
        },
        CaseStatus.CLOSED.value: {
            CaseStatus.IN_HAND.value: "reopen",
            CaseStatus.OPEN.value: "another alert",
        },
    },
)
OVER = frozenset({CaseStatus.HANDED_OVER, CaseStatus.CLOSED})


def case_may_be_taken(case: SafeguardingCase, person) -> None:
    if case.status in OVER:
        raise Refusal(_("This case is over. Open it again, and say why."))
    if case.officer_id == person.pk and case.status == CaseStatus.IN_HAND:
        raise Refusal(_("You have taken this case already."))


def case_may_be_reopened(case: SafeguardingCase) -> None:
    if case.status not in OVER:
        raise Refusal(_("This case is not over: go on with it."))


def case_is_in_ones_hands(case: SafeguardingCase, person, to: CaseStatus) -> None:
    if case.status == CaseStatus.OPEN or case.officer_id != person.pk:
        raise Refusal(_("Take the case first: then you answer for it."))
    CASE_MOVES.require(case.status, to, _("This case is over. Open it again, and say why."))


def case_text_is_given(text: str) -> None:
    if not text.strip():
        raise Refusal(_("Write what was done and why."))


def case_receiver_is_named(to_whom: str) -> None:
    if not to_whom.strip():
        raise Refusal(_("Say to whom the case is handed over."))
