"""Safeguarding cases: opened by an alert, taken, handed over, closed, and read.

Each leaves an entry in the case itself and none in the audit trail that coordinators read: that
there is a case is as protected as what it says.
"""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from core import audit
from observation import policies
from observation.enums import CaseEntryKind, CaseStatus
from observation.models import CaseEntry, SafeguardingCase, SafeguardingLimits
from organisations.models import Unit, User

TERMS = ("look_by", "hand_over_by")


def of_session(*, room: Unit, session: uuid.UUID) -> SafeguardingCase:
    """The case of the alerts of one session, opened now if this is the first."""
    now = timezone.now()
    case, new = SafeguardingCase.objects.get_or_create(
        session_uid=session, defaults={"unit": room, "opened_at": now, **_terms(now)}
    )
    if new:
        enter(case, CaseEntryKind.OPENED, by=None)
    return case


@transaction.atomic
def receive(*, case: SafeguardingCase, by: User) -> None:
    """Note another alert; a case that was over waits for an officer again."""
    # An officer may be closing it at this moment, without having seen this alert.
    case = _locked(case)
    enter(case, CaseEntryKind.RAISED, by=by)
    if case.status in {CaseStatus.HANDED_OVER, CaseStatus.CLOSED}:
        case.status = CaseStatus.OPEN
        _begin_again(case)
        case.save(update_fields=["status", *TERMS])


def read(*, case: SafeguardingCase, by: User) -> None:
    """Note that ``by`` opened the page of ``case``."""
    enter(case, CaseEntryKind.READ, by=by)


@transaction.atomic
def take(*, case: SafeguardingCase, by: User) -> SafeguardingCase:
    """``by`` answers for the case from now on; from another officer's hands too."""
    case = _locked(case)
    policies.case_may_be_taken(case, by)
    case.officer, case.status = by, CaseStatus.IN_HAND
    case.save(update_fields=["officer", "status"])
    enter(case, CaseEntryKind.TAKEN, by=by)
    return case


@transaction.atomic
def note(*, case: SafeguardingCase, text: str, by: User) -> SafeguardingCase:
    """Write down what was done or learnt."""
    policies.case_text_is_given(text)
    enter(case, CaseEntryKind.NOTED, by=by, text=text)
    return case


@transaction.atomic
def hand_over(
    *, case: SafeguardingCase, to_whom: str, text: str, by: User, reference: str = ""
) -> SafeguardingCase:
    """Hand the case over to whoever must act, with a note of what was told to them."""
    case = _move(case, CaseStatus.HANDED_OVER, by, text)
    policies.case_receiver_is_named(to_whom)
    enter(case, CaseEntryKind.HANDED_OVER, by=by, text=text, to_whom=to_whom, reference=reference)
    return case


@transaction.atomic
def close(*, case: SafeguardingCase, text: str, by: User) -> SafeguardingCase:
    """Nothing is left to do, and ``text`` says why."""
    case = _move(case, CaseStatus.CLOSED, by, text)
    enter(case, CaseEntryKind.CLOSED, by=by, text=text)
    return case


@transaction.atomic
def reopen(*, case: SafeguardingCase, text: str, by: User) -> SafeguardingCase:
    """Take up again what was handed over or closed; its time begins anew."""
    case = _locked(case)
    policies.case_may_be_reopened(case)
    policies.case_text_is_given(text)
    case.officer, case.status = by, CaseStatus.IN_HAND
    _begin_again(case)
    case.save(update_fields=["officer", "status", *TERMS])
    enter(case, CaseEntryKind.REOPENED, by=by, text=text)
    return case


def _terms(now: datetime.datetime) -> dict[str, datetime.datetime]:
    """By when a case that waits from ``now`` on must be taken, and handed over or closed."""
    limits = limits_in_force()
    hours = (limits.hours_to_look, limits.hours_to_hand_over)
    return {
        name: now + datetime.timedelta(hours=each) for name, each in zip(TERMS, hours, strict=True)
    }


def _begin_again(case: SafeguardingCase) -> None:
    case.look_by, case.hand_over_by = _terms(timezone.now()).values()


def limits_in_force() -> SafeguardingLimits:
    """The programme's limits, or the defaults while it has set none."""
    return SafeguardingLimits.objects.first() or SafeguardingLimits(pk=1)


@transaction.atomic
def change_limits(*, hours_to_look: int, hours_to_hand_over: int, by: User) -> SafeguardingLimits:
    """Set the limits for cases opened from now on."""
    hours = {"hours_to_look": hours_to_look, "hours_to_hand_over": hours_to_hand_over}
    limits, _new = SafeguardingLimits.objects.update_or_create(pk=1, defaults=hours)
    audit.record("safeguarding.change_limits", limits, by=by, detail=hours)
    return limits


def enter(
    case: SafeguardingCase,
    kind: CaseEntryKind,
    *,
    by: User | None,
    text: str = "",
    to_whom: str = "",
    reference: str = "",
) -> CaseEntry:
    """Add an entry to ``case``."""
    return CaseEntry.objects.create(
        case=case,
        kind=kind,
        by=by,
        text=text.strip(),
        to_whom=to_whom.strip(),
        reference=reference.strip(),
    )


def _move(case: SafeguardingCase, to: CaseStatus, by: User, text: str) -> SafeguardingCase:
    case = _locked(case)
    policies.case_is_in_ones_hands(case, by, to)
    policies.case_text_is_given(text)
    case.status = to
    case.save(update_fields=["status"])
    return case


def _locked(case: SafeguardingCase) -> SafeguardingCase:
    return SafeguardingCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
