"""An observation session: begun, saved as a draft, closed with its scores, corrected by another."""

import datetime
import uuid
from collections.abc import Collection, Iterable
from typing import TypedDict

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.refusals import Refusal
from observation import policies, queries
from observation.actions import cycles as cycle_rows
from observation.actions import pairs, scores
from observation.actions.cycles import CycleEntry
from observation.enums import ItemKind, Passable, Purpose, SessionStatus, VersionStatus
from observation.models import InstrumentVersion, ObservationSession, Rating
from observation.signals import session_closed
from organisations.models import Unit, User


class _Opening(TypedDict):
    unit: Unit
    caregiver: User | None
    observer: User
    observed_on: datetime.date
    purpose: str


def begin(  # noqa: PLR0913 — all that opens a session, each by its name
    *,
    room: Unit,
    caregiver: User | None,
    by: User,
    observed_on: datetime.date,
    version: InstrumentVersion | None = None,
    purpose: str = Purpose.FORMATIVE,
    id: uuid.UUID | None = None,  # noqa: A002 — the client's name for it
    appointment: str = "",
    waive: Collection[str] = (),
) -> ObservationSession:
    """Begin a draft in ``room``, observed by ``by``, with the newest published checklist.

    The same ``id`` with the same content gives the same session, with the checklist that was the
    newest when it began; with other content Refusal. ``appointment``: the agenda's name for the
    visit. ``waive``: rules (``Passable``) that a
    coordinator has passed over.
    """
    opening: _Opening = {
        "unit": room,
        "caregiver": caregiver,
        "observer": by,
        "observed_on": observed_on,
        "purpose": purpose,
    }
    id = id or uuid.uuid4()  # noqa: A001 — likewise
    if known := ObservationSession.objects.filter(pk=id).first():
        return _same_opening(known, opening, version)
    newest = queries.checklist_versions().filter(instrument__code=queries.CHECKLIST)
    chosen = version or newest.first()
    if chosen is None:
        raise Refusal(_("There is no published checklist yet. Ask the national coordination."))
    policies.room_is_open(room, observed_on)
    if Passable.RETIRED not in waive or chosen.status == VersionStatus.DRAFT:
        policies.version_is_published(chosen)
    policies.day_is_not_to_come(observed_on)
    if Passable.JURISDICTION not in waive:
        policies.observer_may_record(by, room)
    policies.mentor_is_not_the_judge(by, room, purpose, observed_on)
    policies.observer_is_assigned(by, room, purpose, observed_on)
    policies.caregiver_is_named_when_formative(caregiver, purpose)
    policies.observer_is_not_the_caregiver(by, caregiver)
    if caregiver is not None:
        policies.caregiver_works_there(caregiver, room, observed_on)
    try:
        with transaction.atomic():
            session = ObservationSession.objects.create(
                id=id,
                version=chosen,
                age_group=room.age_group,
                appointment=appointment,
                **opening,
            )
            pairs.join(session)
            audit.record("sessions.begin", session, by=by)
    except IntegrityError:  # the same id arrived twice at the same moment
        return _same_opening(ObservationSession.objects.get(pk=id), opening, version)
    return session


@transaction.atomic
def save_draft(
    *, session: ObservationSession, cycles: Iterable[CycleEntry], by: User
) -> ObservationSession:
    """Keep what ``cycles`` say; keys and items that they do not name stay as they are.

    All or nothing: Refusal names the first thing that does not fit. Alerts are raised at once.
    """
    session = _locked(session)
    policies.is_her_own(session, by)
    policies.is_draft(session)
    cycle_rows.write(session, cycles, by=by)
    return session


@transaction.atomic
def close(
    *,
    session: ObservationSession,
    by: User,
    cycles: Iterable[CycleEntry] | None = None,
    leave_missing: bool = False,
    waive: Collection[str] = (),
) -> ObservationSession:
    """Close ``session``: fill what does not apply, store scores and hash, and make it final.

    ``cycles``, if given, are saved first. ``leave_missing`` confirms that items without an answer
    stay so; ``waive`` as in ``begin``. Closing again with the same (or no) content gives the same
    session; other content Refusal. Sends ``session_closed`` after the commit.
    """
    session = _locked(session)
    policies.is_her_own(session, by)
    items = list(session.version.items.select_related("scale", "domain").order_by("order"))
    scored = [item for item in items if item.kind == ItemKind.SCORED]
    if session.status == SessionStatus.CLOSED:
        if cycles is not None and not cycle_rows.same(session, cycles, scored):
            raise Refusal(
                _(
                    "This session was already closed with other answers. Both are kept: "
                    "compare them, and correct the closed session if need be."
                )
            )
        return session
    if cycles is not None:
        cycle_rows.write(session, cycles, by=by)
    sheets = cycle_rows.sheets(session)
    policies.room_is_open(session.unit, session.observed_on or timezone.localdate())
    if Passable.JURISDICTION not in waive:
        policies.observer_may_record(by, session.unit)
    policies.may_be_closed(session.version, sheets, scored, session.age_group)
    policies.alerts_are_described(
        queries.alerts_of(session.pk).filter(description="").values_list("item__code", flat=True)
    )
    if not leave_missing:
        policies.missing_are_meant(policies.unanswered(sheets, scored, session.age_group))
    final = {
        sheet.cycle.number: cycle_rows.final(sheet, scored, session.age_group) for sheet in sheets
    }
    cycle_rows.store(sheets, final, scored)
    scores.store(session)
    # Last: from here on the database refuses to change what was written above.
    session.content_hash = cycle_rows.content_hash(session, sheets, final)
    session.closed_at = timezone.now()
    session.status = SessionStatus.CLOSED
    session.save(update_fields=["content_hash", "closed_at", "status"])
    audit.record(
        "sessions.close",
        session,
        by=by,
        detail={"cycles": len(sheets), "hash": session.content_hash},
    )
    pairs.settle(session, by=by)
    session_id = session.pk
    transaction.on_commit(
        lambda: session_closed.send_robust(sender=ObservationSession, session_id=session_id)
    )
    return session


@transaction.atomic
def correct(*, session: ObservationSession, reason: str, by: User) -> ObservationSession:
    """A new draft with the same answers that will supersede ``session`` once closed.

    Alerts stay with the session in which they were raised. A correction under way is returned.
    """
    session = _locked(session)
    policies.is_her_own(session, by)
    policies.may_be_corrected(session, reason)
    later = ObservationSession.objects.filter(supersedes=session).first()
    if later is not None and later.status == SessionStatus.DRAFT:
        return later
    if later is not None:
        raise Refusal(_("This session was corrected already. Correct the newer one instead."))
    draft = ObservationSession.objects.create(
        unit=session.unit,
        version=session.version,
        observer=session.observer,
        caregiver=session.caregiver,
        purpose=session.purpose,
        observed_on=session.observed_on,
        age_group=session.age_group,
        appointment=session.appointment,
        supersedes=session,
        reason=reason.strip(),
    )
    for cycle in session.cycles.prefetch_related("ratings__item__scale"):
        kept = list(cycle.ratings.all())
        cycle.pk, cycle.session = None, draft
        cycle.save(force_insert=True)
        for rating in kept:
            rating.pk, rating.cycle = None, cycle
        Rating.objects.bulk_create(cycle_rows.answered(kept))
    pairs.follow(draft, session)
    audit.record("sessions.correct", draft, by=by, detail={"supersedes": str(session.pk)})
    return draft


@transaction.atomic
def discard(*, session: ObservationSession, by: User) -> None:
    """Delete a draft that was begun by mistake; one with an alert stays."""
    session = _locked(session)
    policies.is_her_own(session, by)
    policies.is_draft(session)
    if queries.alerts_of(session.pk).exists():
        raise Refusal(_("An alert was marked in this session, so it cannot be discarded."))
    audit.record("sessions.discard", session, by=by)
    session.delete()


def _locked(session: ObservationSession) -> ObservationSession:
    return (
        ObservationSession.objects.select_for_update(of=("self",))
        .select_related("version__instrument", "unit", "observer", "caregiver")
        .get(pk=session.pk)
    )


def _same_opening(
    known: ObservationSession, opening: _Opening, version: InstrumentVersion | None
) -> ObservationSession:
    other = any(getattr(known, name) != value for name, value in opening.items())
    if other or version not in {None, known.version}:
        raise Refusal(
            _(
                "A session with this number exists with another room, person or day. "
                "Begin a new session."
            )
        )
    return known
