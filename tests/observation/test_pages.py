import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from observation.enums import RatingState, SessionStatus
from observation.models import Cycle, ObservationSession, Rating, SafeguardingAlert
from organisations import home
from tests.factories import observation as make
from tests.factories import organisations


def url(name, *args) -> str:
    return reverse(f"observation:{name}", args=args)


@pytest.fixture
def mentor(country):
    return organisations.person("mentor", country.here.centre)


def answers(session, number, value="2", **changes) -> dict[str, str]:
    """What a phone posts for a full cycle."""
    moments = make.ROUTINE if number == 1 else make.PLAY
    entry = make.cycle(session, number)
    data = dict.fromkeys(entry["ratings"], value)
    return data | {
        "moments": moments,
        "started_at": f"{9 + number}:00",
        "ended_at": f"{9 + number}:16",
        **changes,
    }


# ---- one way through


def test_session_from_beginning_to_result(country, room, mentor, sign_in):
    client = sign_in(mentor)
    caregiver = organisations.person("caregiver", room)
    opening = {
        "room": room.pk,
        "caregiver": caregiver.pk,
        "observed_on": timezone.localdate().isoformat(),
        "purpose": "formative",
        "id": str(uuid.uuid4()),
    }
    response = client.post(url("session_begin"), opening)
    session = ObservationSession.objects.get()
    assert response.url == url("session_record", session.pk, 1)

    first = client.post(response.url, {"moments": ["ALI"], "onward": "1"})
    assert first.url == url("session_record", session.pk, 1) + "#items"
    second = client.post(
        url("session_record", session.pk, 1), answers(session, 1) | {"onward": "1"}
    )
    assert second.url == url("session_record", session.pk, 2)
    client.post(second.url, {"moments": ["JUE"]})
    third = client.post(second.url, answers(session, 2) | {"onward": "1"})
    assert third.url == url("session_review", session.pk)
    assert "Every item that applies is answered." in client.get(third.url).content.decode()

    closed = client.post(third.url, {})

    assert closed.url == url("session_detail", session.pk)
    page = client.get(closed.url).content.decode()
    assert str(caregiver) in page
    assert "67" in page


def test_begin_twice_by_going_back_is_one_session(room, mentor, sign_in):
    client = sign_in(mentor)
    opening = {
        "room": room.pk,
        "caregiver": organisations.person("caregiver", room).pk,
        "observed_on": timezone.localdate().isoformat(),
        "purpose": "formative",
        "id": str(uuid.uuid4()),
    }
    client.post(url("session_begin"), opening)
    client.post(url("session_begin"), opening)

    assert ObservationSession.objects.count() == 1


@pytest.mark.parametrize(
    "rubbish",
    [
        {"room": "x"},
        {"room": "999999"},
        {"room": "9" * 5000},
        {"caregiver": "1 OR 1=1"},
        {"observed_on": "31/31/2026"},
        {"observed_on": "2999-01-01"},
        {"purpose": "fun"},
        {"id": "none"},
        {"caregiver": ""},
    ],
)
def test_begin_with_rubbish_says_what_and_writes_nothing(room, mentor, sign_in, rubbish):
    opening = {
        "room": room.pk,
        "caregiver": organisations.person("caregiver", room).pk,
        "observed_on": timezone.localdate().isoformat(),
        "purpose": "formative",
        "id": str(uuid.uuid4()),
    }
    response = sign_in(mentor).post(url("session_begin"), opening | rubbish)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not ObservationSession.objects.exists()


def test_begin_offers_rooms_of_ones_own_posts_only(country, version, mentor, sign_in):
    page = sign_in(mentor).get(url("session_begin"))

    offered = {room.code for room in page.context["form"].fields["room"].queryset}
    assert offered == {room.code for room in country.here.rooms}


# ---- the form of a cycle


@pytest.fixture
def record(draft, sign_in):
    """Post to cycle 1 of a draft whose moments are known."""
    client = sign_in(draft.observer)
    where = url("session_record", draft.pk, 1)
    client.post(where, {"moments": ["ALI"]})
    return lambda **data: client.post(where, {"moments": ["ALI"]} | data)


def test_rubbish_in_the_form_is_shown_and_the_rest_is_kept(record):
    response = record(
        CAL1="7",
        CAL2="2",
        CAL3="two",
        CAL4="na",
        SEN1="3",
        started_at="25:99",
        ended_at="10:16",
        **{"CTX3": "-1", "CTX2-0": "6", "CTX2-1": "many", "CTX4": "True", "SEN1-note": "Quick"},
    )

    assert response.status_code == 200
    form = response.context["form"]
    assert set(form.errors) == {"CAL1", "CAL3", "CAL4", "started_at", "CTX3", "CTX2-1"}
    page = response.content.decode()
    assert "“7” is not on the scale. Choose a step." in page
    assert 'value="25:99"' in page
    assert 'value="many"' in page
    kept = dict(Rating.objects.values_list("item__code", "value"))
    assert kept == {"CAL2": 2, "SEN1": 3}
    cycle = Cycle.objects.get()
    assert cycle.context == {"CTX4": True}
    assert cycle.started_at is None


def test_note_without_answer_asks_for_one(record):
    response = record(**{"CAL2-note": "She sat on the floor"})

    assert "Choose an answer to go with the note." in response.content.decode()
    assert "She sat on the floor" in response.content.decode()


def test_not_applicable_with_reason_is_saved(record):
    response = record(**{"SEN3": "na", "SEN3-note": "Nobody was upset"})

    assert response.status_code == 302
    rating = Rating.objects.get()
    assert (rating.state, rating.note) == (RatingState.NOT_APPLICABLE, "Nobody was upset")


def test_not_applicable_for_an_item_that_always_applies_is_refused(record):
    response = record(CAL2="na")

    assert list(response.context["form"].errors) == ["CAL2"]
    assert not Rating.objects.exists()


def test_item_that_does_not_apply_is_shown_with_its_rule_and_no_input(record):
    page = record(CAL1="9").content.decode()  # feeding, infants

    assert "Automatic N/A for infant rooms." in page
    assert 'name="LEN5"' not in page
    assert 'name="CAL1"' in page


def test_answers_come_back_when_the_page_is_opened_again(record, draft, client):
    record(**{"CAL2": "3", "CAL2-note": "Kind", "CTX2-0": "5", "CTX2-1": "2", "CTX1": "ALI"})

    form = client.get(url("session_record", draft.pk, 1)).context["form"]

    values = {name: form[name].value() for name in ("CAL2", "CAL2-note", "CTX2-0", "CTX1")}
    assert values == {"CAL2": "3", "CAL2-note": "Kind", "CTX2-0": 5, "CTX1": "ALI"}


def test_cycle_that_ends_before_it_begins_is_shown_beside_the_field(record):
    response = record(started_at="10:00", ended_at="09:00", CAL2="1")

    assert list(response.context["form"].errors) == ["ended_at"]
    assert Rating.objects.get().value == 1


@pytest.mark.parametrize("number", [0, 7, 99])
def test_cycle_out_of_range_is_not_there(draft, sign_in, number):
    client = sign_in(draft.observer)

    assert client.get(url("session_record", draft.pk, number)).status_code == 404
    assert client.post(url("session_record", draft.pk, number)).status_code == 404


# ---- alerts


def test_alert_marked_on_the_page_is_raised_and_shown_to_its_observer(record, draft, client):
    record(**{"ALE2": "on", "ALE2-note": "Forced to finish the plate"})

    assert SafeguardingAlert.objects.get().description == "Forced to finish the plate"
    again = client.get(url("session_record", draft.pk, 1)).content.decode()
    assert "Forced to finish the plate" in again
    assert 'name="ALE2"' not in again


def test_alert_without_description_stops_the_close(filled, sign_in):
    client = sign_in(filled.observer)
    client.post(url("session_record", filled.pk, 1), answers(filled, 1) | {"ALE1": "on"})

    page = client.post(url("session_review", filled.pk), {}).content.decode()

    assert "Describe what happened for each alert that you marked: ALE1." in page
    assert SafeguardingAlert.objects.count() == 1


# ---- review and close


def test_review_says_what_is_missing_and_close_needs_a_word(filled, sign_in):
    Rating.objects.filter(cycle__number=1, item__code="SEN2").delete()
    client = sign_in(filled.observer)

    page = client.get(url("session_review", filled.pk)).content.decode()
    assert "1 item without an answer: SEN2." in page
    refused = client.post(url("session_review", filled.pk), {}).content.decode()
    assert "Without an answer: cycle 1: SEN2." in refused
    done = client.post(url("session_review", filled.pk), {"leave_missing": "on"})

    assert done.status_code == 302
    filled.refresh_from_db()
    assert filled.status == SessionStatus.CLOSED


def test_review_of_nothing_says_where_to_begin(draft, sign_in):
    client = sign_in(draft.observer)

    assert "Nothing recorded yet" in client.get(url("session_review", draft.pk)).content.decode()
    page = client.post(url("session_review", draft.pk), {}).content.decode()
    assert page.count("A session needs at least 2 cycles; this one has 0.") == 1


def test_review_says_before_the_close_what_stops_it(filled, sign_in):
    Cycle.objects.filter(number=1).update(started_at="10:00", ended_at="10:10")

    page = sign_in(filled.observer).get(url("session_review", filled.pk))

    assert [text[:27] for text in page.context["obstacles"]] == ["Cycle 1 lasted 10 minutes; "]
    assert "Before you can close" in page.content.decode()


def test_saved_draft_goes_on_at_the_first_item_without_an_answer(record):
    assert record().url.endswith("#id_CAL1")
    assert record(CAL1="2", CAL3="1").url.endswith("#id_CAL2")


def test_saved_draft_with_all_answers_goes_on_at_the_alerts(filled, sign_in):
    client = sign_in(filled.observer)

    answer = client.post(url("session_record", filled.pk, 1), answers(filled, 1))

    assert answer.url.endswith("#alerts")


def test_saving_into_a_closed_session_is_a_conflict(room, sign_in):
    session = make.closed(room)

    response = sign_in(session.observer).post(
        url("session_record", session.pk, 1), answers(session, 1, value="0")
    )

    assert response.status_code == 409
    assert Rating.objects.filter(value=0).count() == 0


def test_correction_opens_a_draft_with_the_same_answers(room, sign_in):
    session = make.closed(room)
    client = sign_in(session.observer)

    response = client.post(url("session_correct", session.pk), {"reason": "Wrong day"})

    draft = ObservationSession.objects.get(supersedes=session)
    assert response.url == url("session_record", draft.pk, 1)
    form = client.get(response.url).context["form"]
    assert form["CAL2"].value() == "2"


def test_discard_is_by_post_and_takes_the_draft_away(filled, sign_in):
    client = sign_in(filled.observer)

    assert client.get(url("session_discard", filled.pk)).status_code == 405
    assert client.post(url("session_discard", filled.pk)).url == url("session_list")
    assert not ObservationSession.objects.exists()


# ---- instruments, home


def test_instrument_page_shows_items_and_anchors(country, version, sign_in):
    client = sign_in(organisations.person("evaluator", country.country))

    page = client.get(url("instrument_detail", "checklist", 1)).content.decode()

    assert "Every child with a personal interaction." in page
    assert version.content_hash in page
    assert client.get(url("instrument_detail", "checklist", 2)).status_code == 404
    assert "version 1" in client.get(url("instrument_list")).content.decode()


def test_home_says_which_drafts_to_finish(draft):
    steps = home.next_steps(draft.observer, {"observation.record"})

    mine = [step for step in steps if step.strand == "observation"]
    assert [step.url for step in mine] == [url("session_review", draft.pk)]
