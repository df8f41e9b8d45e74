import datetime
import uuid

import pytest
from django.utils import timezone

from core.models import AuditRecord
from core.refusals import Refusal
from observation.actions import instruments, sessions
from observation.enums import Purpose, RatingState, SessionStatus
from observation.models import (
    ObservationSession,
    Rating,
    SessionScore,
)
from tests.factories import observation as make
from tests.factories import organisations

ONE = {"state": RatingState.SCORED, "value": 1}


def save(session, number=1, **entry):
    entry = {"number": number, **entry}
    return sessions.save_draft(session=session, cycles=[entry], by=session.observer)


# ---- begin


def test_begin_twice_with_the_same_id_is_one_session(room):
    caregiver = organisations.person("caregiver", room)
    mentor = organisations.person("mentor", room.get_parent())
    number = uuid.uuid4()

    first = make.draft(room, mentor, caregiver=caregiver, id=number)
    second = make.draft(room, mentor, caregiver=caregiver, id=number)

    assert first == second
    assert ObservationSession.objects.count() == 1
    assert AuditRecord.objects.filter(action="sessions.begin").count() == 1


def test_begin_again_after_a_newer_checklist_keeps_the_one_it_began_with(room, draft):
    rows = make.rows()
    rows[0]["text_en"] = "Greets."
    newer = instruments.publish(version=instruments.load(rows, number=2))
    opening = {"caregiver": draft.caregiver, "id": draft.pk}

    again = make.draft(room, draft.observer, **opening)

    assert (again, again.version.number) == (draft, 1)
    with pytest.raises(Refusal):
        make.draft(room, draft.observer, version=newer, **opening)


def test_begin_with_the_same_id_and_another_day_is_refused(room, draft):
    with pytest.raises(Refusal):
        make.draft(
            room,
            draft.observer,
            caregiver=draft.caregiver,
            id=draft.pk,
            observed_on=timezone.localdate() - datetime.timedelta(days=1),
        )


def test_begin_in_a_room_of_neighbours_is_refused(country, room):
    stranger = organisations.person("mentor", country.elsewhere.centre)

    with pytest.raises(Refusal, match="post"):
        make.draft(room, stranger)


def test_begin_in_a_centre_is_refused(country, version):
    mentor = organisations.person("mentor", country.here.centre)

    with pytest.raises(Refusal, match="Norte-z1-c1"):
        make.draft(country.here.centre, mentor, caregiver=mentor)


def test_begin_in_a_closed_room_is_refused(room):
    room.closed_on = timezone.localdate()
    room.save()

    with pytest.raises(Refusal):
        make.draft(room)


def test_begin_with_a_caregiver_of_another_room_is_refused(country, room):
    other = organisations.person("caregiver", country.here.rooms[1])

    with pytest.raises(Refusal, match=str(other)):
        make.draft(room, caregiver=other)


def test_begin_with_a_caregiver_of_the_whole_centre_is_allowed(country, room):
    floating = organisations.person("caregiver", country.here.centre)

    assert make.draft(room, caregiver=floating).caregiver == floating


def test_begin_without_a_caregiver_is_refused_when_formative(room):
    with pytest.raises(Refusal):
        make.draft(room, caregiver=None)


def test_begin_tomorrow_is_refused(room):
    with pytest.raises(Refusal):
        make.draft(room, observed_on=timezone.localdate() + datetime.timedelta(days=1))


def test_begin_with_a_draft_version_is_refused(room):
    rows = make.rows()
    rows[0]["text_en"] = "Greets."
    version = instruments.load(rows, number=2)

    with pytest.raises(Refusal):
        make.draft(room, version=version)


def test_begin_official_by_who_mentors_there_is_refused(country, room):
    with pytest.raises(Refusal):
        make.draft(room, purpose=Purpose.OFFICIAL)

    zonal = organisations.person("zonal", country.here.zone)
    assert make.draft(room, zonal, caregiver=None, purpose=Purpose.OFFICIAL).caregiver is None


def test_begin_by_the_caregiver_herself_is_refused(country, room):
    both = organisations.person("mentor", country.here.centre)
    organisations.post("caregiver", room, both)

    with pytest.raises(Refusal):
        make.draft(room, both, caregiver=both)


# ---- close


def test_close_scores_each_domain_and_all(filled):
    session = sessions.close(session=filled, by=filled.observer)

    scores = {
        row.domain and row.domain.code: (row.score, row.cycles) for row in session.scores.all()
    }
    two_thirds = pytest.approx(200 / 3)
    assert scores == dict.fromkeys(("CAL", "SEN", "LEN", "CON", None), (two_thirds, 2))
    assert session.status == SessionStatus.CLOSED
    assert len(session.content_hash) == 64


def test_close_fills_what_does_not_apply(filled):
    session = sessions.close(session=filled, by=filled.observer)

    automatic = session.cycles.get(number=2).ratings.filter(state=RatingState.NOT_APPLICABLE)
    codes = set(automatic.values_list("item__code", flat=True))
    # LB, free play: infants have no LEN5, CON2, CON3; play has no arrival, body care or routine.
    assert codes == {"CAL1", "SEN4", "SEN5", "LEN5", "LEN7", "CON1", "CON2", "CON3"}
    assert Rating.objects.count() == 48


def test_close_counts_an_answer_that_does_not_apply_as_not_applicable(filled):
    save(filled, number=2, ratings={"SEN5": {"state": "scored", "value": 0}})

    session = sessions.close(session=filled, by=filled.observer)

    rating = Rating.objects.get(cycle__session=session, cycle__number=2, item__code="SEN5")
    assert (rating.state, rating.value) == (RatingState.NOT_APPLICABLE, None)
    assert session.scores.get(domain__code="SEN").score == pytest.approx(200 / 3)


@pytest.mark.parametrize(("left_out", "valid"), [(1, True), (2, True), (3, False)])
def test_close_with_missing_answers_scores_from_sixty_percent(country, version, left_out, valid):
    """In a room MA, at feeding, five of Warmth's items apply to one cycle: 3 of 5 are enough."""
    session = make.draft(country.here.rooms[1])
    items = ["CAL2", "CAL3", "CAL4", "CAL5", "CAL6"]
    fed = make.cycle(session, 1, moments=["HIG", "TRA"])
    fed["ratings"]["CAL1"] = {"state": "na", "note": "Nobody came or went."}
    assert set(items) < set(fed["ratings"])
    for code in items[:left_out]:
        del fed["ratings"][code]
    played = make.cycle(session, 2, ratings={"CON4": ONE})
    sessions.save_draft(session=session, cycles=[fed, played], by=session.observer)

    session = sessions.close(session=session, by=session.observer, leave_missing=True)

    warmth = session.scores.get(domain__code="CAL")
    assert (warmth.score is not None, warmth.cycles) == (valid, int(valid))


def test_close_twice_is_one_and_tells_once(filled, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = sessions.close(session=filled, by=filled.observer)
        second = sessions.close(session=filled, by=filled.observer)

    assert first.content_hash == second.content_hash
    assert first.closed_at == second.closed_at
    assert heard == [{"session_id": filled.pk}]
    assert AuditRecord.objects.filter(action="sessions.close").count() == 1


def test_close_again_with_the_same_content_is_accepted(draft):
    entries = [make.cycle(draft, number) for number in (1, 2)]
    entries[0]["alerts"] = {"ALE1": "Shouted."}
    first = sessions.close(session=draft, by=draft.observer, cycles=entries)

    again = sessions.close(session=draft, by=draft.observer, cycles=entries)

    assert again.content_hash == first.content_hash


@pytest.mark.parametrize(
    "change",
    [
        {"ratings": {"CAL2": ONE}},
        {"moments": ["HIG"]},
        {"ended_at": datetime.time(10, 19)},
        {"alerts": {"ALE1": "Shouted."}},
    ],
)
def test_close_again_with_other_content_is_refused_and_keeps_the_first(draft, change):
    entries = [make.cycle(draft, number) for number in (1, 2)]
    first = sessions.close(session=draft, by=draft.observer, cycles=entries)

    with pytest.raises(Refusal):
        sessions.close(session=draft, by=draft.observer, cycles=[entries[0] | change, entries[1]])
    draft.refresh_from_db()
    assert draft.content_hash == first.content_hash


def test_close_refused_writes_nothing(filled):
    save(filled, ratings={"CAL2": None})

    with pytest.raises(Refusal, match="CAL2"):
        sessions.close(session=filled, by=filled.observer)
    assert not SessionScore.objects.exists()
    assert not Rating.objects.filter(state=RatingState.MISSING).exists()


# ---- correct, discard


def test_correction_supersedes_once_closed(filled):
    session = sessions.close(session=filled, by=filled.observer)
    draft = sessions.correct(session=session, reason="Wrong room end time", by=filled.observer)
    assert sessions.correct(session=session, reason="again", by=filled.observer) == draft

    sessions.save_draft(
        session=draft,
        cycles=[{"number": 1, "ratings": {"CAL2": ONE}}],
        by=filled.observer,
    )
    later = sessions.close(session=draft, by=filled.observer)

    assert later.supersedes == session
    assert later.scores.get(domain__code="CAL").score < session.scores.get(domain__code="CAL").score
    with pytest.raises(Refusal):
        sessions.correct(session=session, reason="once more", by=filled.observer)


@pytest.mark.parametrize("reason", ["", "   "])
def test_correction_without_reason_is_refused(filled, reason):
    session = sessions.close(session=filled, by=filled.observer)

    with pytest.raises(Refusal):
        sessions.correct(session=session, reason=reason, by=filled.observer)


def test_correction_of_a_draft_is_refused(filled):
    with pytest.raises(Refusal):
        sessions.correct(session=filled, reason="why", by=filled.observer)


def test_discard_deletes_a_draft_and_never_one_with_an_alert(room):
    first, second = make.filled(room), make.filled(room)
    save(second, alerts={"ALE1": ""})

    sessions.discard(session=first, by=first.observer)
    with pytest.raises(Refusal):
        sessions.discard(session=second, by=second.observer)

    assert list(ObservationSession.objects.all()) == [second]
