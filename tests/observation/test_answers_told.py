"""Answers are read as they were given, on every page and in a correction."""

import re

import pytest

from observation.actions import sessions
from observation.models import Rating
from observation.views import feedback
from tests.factories import instruments as other
from tests.factories import observation as make
from tests.factories import organisations
from tests.factories.instruments import DICHOTOMOUS, LEVELS, LOOKS, SEEN, SEGMENTS, UNSEEN


@pytest.fixture
def observer(country):
    return organisations.person("mentor", country.here.centre)


@pytest.fixture
def begin(country, observer):
    """A draft with an instrument that says what is given."""

    def open_with(said):
        return make.draft(country.here.rooms[0], observer, version=other.published(said))

    return open_with


def scored(value, **more):
    return {"state": "scored", "value": value, **more}


def close(session, ratings):
    entry = {"number": 1, "ratings": ratings}
    return sessions.close(session=session, cycles=[entry], by=session.observer)


@pytest.mark.parametrize(
    ("scale", "given", "told"),
    [
        (DICHOTOMOUS, scored(0), "no"),
        (SEEN, scored(1), "present"),
        (LEVELS, scored(2), "2"),
        (LOOKS, scored(2, marks=[1, 0, 1]), "2"),
        (UNSEEN, {"state": "missing"}, "not seen"),
    ],
)
def test_answer_is_read_as_it_was_given(begin, scale, given, told):
    session = begin(other.content(scale, 2))
    lowest = session.version.items.get(code="A2").scale.minimum
    beside = scored(0, marks=[0, 0, 0]) if scale is LOOKS else scored(lowest)

    close(session, {"A1": given, "A2": beside})

    assert feedback.read(session).items[0].given == [told]


def test_looks_are_asked_as_on_the_phone(begin, sign_in):
    session = begin(other.content(LOOKS, 1, segments=SEGMENTS))

    page = sign_in(session.observer).get(f"/observacion/{session.pk}/ciclo/1/").content.decode()

    assert re.findall(r"<span>(\w+)</span>", page)[:2] == ["yes", "no"]


def test_correction_keeps_what_could_not_be_seen_or_did_not_apply(begin):
    said = other.content(UNSEEN, items=4)
    said["items"][2] |= {"na_allowed": True, "na_rule": other.words("Nadie duerme")}
    session = begin(said)
    ratings = {
        "A1": scored(0),
        "A2": {"state": "missing", "note": "Salió al patio"},
        "A3": {"state": "na", "note": "Nadie durmió"},
        "A4": {"state": "missing"},
    }
    closed = close(session, ratings)

    draft = sessions.correct(session=closed, reason="Era otra", by=session.observer)

    kept = Rating.objects.filter(cycle__session=draft).order_by("item__order")
    assert list(kept.values_list("item__code", "state", "value", "note")) == [
        ("A1", "scored", 0, ""),
        ("A2", "missing", None, "Salió al patio"),
        ("A3", "na", None, "Nadie durmió"),
        ("A4", "missing", None, ""),
    ]
