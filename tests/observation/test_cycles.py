import datetime

import pytest

from core.refusals import Refusal
from observation.actions import sessions
from observation.enums import RatingState
from observation.models import (
    Cycle,
    Rating,
    SafeguardingAlert,
)
from tests.factories import observation as make
from tests.factories import organisations

ONE = {"state": RatingState.SCORED, "value": 1}


def save(session, number=1, **entry):
    entry = {"number": number, **entry}
    return sessions.save_draft(session=session, cycles=[entry], by=session.observer)


# ---- save_draft


def test_save_draft_keeps_what_it_does_not_name(draft):
    save(draft, moments=["ALI"], ratings={"CAL1": ONE, "CAL2": ONE})
    save(draft, ratings={"CAL2": {"state": RatingState.SCORED, "value": 3}})

    assert dict(Rating.objects.values_list("item__code", "value")) == {"CAL1": 1, "CAL2": 3}
    assert Cycle.objects.get().moments == ["ALI"]


def test_save_draft_takes_an_answer_back(draft):
    save(draft, moments=["ALI"], ratings={"CAL1": ONE})
    save(draft, ratings={"CAL1": None})

    assert not Rating.objects.exists()


def test_save_draft_of_an_empty_cycle_leaves_none(draft):
    save(draft, number=3, moments=[], ratings={"CAL1": None})

    assert not Cycle.objects.exists()


@pytest.mark.parametrize(
    "entry",
    [
        {"ratings": {"CAL1": {"state": "scored", "value": 4}}},
        {"ratings": {"CAL1": {"state": "scored", "value": -1}}},
        {"ratings": {"CAL1": {"state": "scored", "value": None}}},
        {"ratings": {"CAL1": {"state": "na", "value": 1}}},
        {"ratings": {"CAL1": {"state": "guess"}}},
        {"ratings": {"ALE1": {"state": "scored", "value": 1}}},
        {"ratings": {"NONE": ONE}},
        {"moments": ["ZZZ"]},
        {"number": 0},
        {"number": 7},
        {"started_at": datetime.time(10), "ended_at": datetime.time(9)},
        {"alerts": {"CAL1": "x"}},
    ],
)
def test_save_draft_of_rubbish_is_refused_whole(draft, entry):
    with pytest.raises(Refusal):
        sessions.save_draft(
            session=draft,
            cycles=[
                {"number": 2, "moments": ["JUE"], "ratings": {"CAL2": ONE}},
                {"number": 1} | entry,
            ],
            by=draft.observer,
        )
    assert not Cycle.objects.exists()
    assert not Rating.objects.exists()


def test_save_draft_by_a_peer_is_refused(country, draft):
    peer = organisations.person("mentor", country.here.centre)

    with pytest.raises(Refusal):
        sessions.save_draft(session=draft, cycles=[{"number": 1}], by=peer)


# ---- alerts


def test_alert_is_raised_at_once_and_told(draft, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        save(draft, alerts={"ALE3": ""})
        save(draft, alerts={"ALE3": "Left alone for four minutes."})
        save(draft, alerts={"ALE3": "Something else."})

    alert = SafeguardingAlert.objects.get()
    assert alert.description == "Left alone for four minutes."
    assert heard == [{"alert_id": alert.pk}]
    assert not Rating.objects.exists()


def test_alert_changes_no_score(country, room):
    plain = make.closed(room)
    session = make.filled(country.here.rooms[0])
    save(session, alerts={"ALE1": "Shouted."})
    sessions.close(session=session, by=session.observer)

    assert list(plain.scores.values_list("domain", "score")) == list(
        session.scores.values_list("domain", "score")
    )
