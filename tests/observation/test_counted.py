"""Of a visit with two observers: who may read it before both have closed, and that it counts once.

Each way on which sessions leave the house: pages of places, exports, rows of the API, the phone.
"""

import csv
import io

import pytest
from django.urls import reverse

from core.refusals import Refusal
from observation import agenda, queries
from observation.models import ObservationSession
from tests.factories import double as pairing
from tests.factories import organisations
from tests.observation.exporting import made
from tests.observation.looking import page

ROWS = ["rating", "score"]


@pytest.fixture
def pair(room):
    """Two who go together; nobody has begun."""
    return pairing.pair(room)


def exported(person, session) -> set[str]:
    told = made(person, session, "scores").read("data.csv").decode("utf-8-sig")
    return {row["session"] for row in csv.DictReader(io.StringIO(told))}


def given(client, name: str) -> set[str]:
    rows = client.get(reverse(f"observation_api:{name}_list")).json()["results"]
    return {row["session"] for row in rows}


def on_the_phone(person, room) -> float | None:
    """The newest score of the first domain; None where the room has none."""
    last = next(one["last"] for one in agenda.of(person)["rooms"] if one["code"] == room.code)
    return last and last["domains"]["CAL"]


def test_before_both_have_closed_no_way_leads_to_the_others_scores(pair, sign_in):
    session = pairing.code(pair, pair.first)
    client = sign_in(pair.second)

    assert list(page(client, "room", pair.room.code).context["newest"]) == []
    assert [given(client, name) for name in ROWS] == [set(), set()]
    with pytest.raises(Refusal, match="no closed session"):
        exported(pair.second, session)
    assert on_the_phone(pair.second, pair.room) is None


def test_before_both_have_closed_everyone_else_reads_it(country, pair, sign_in):
    session = pairing.code(pair, pair.first)
    regional = organisations.person("regional", country.here.region)
    client = sign_in(regional)

    assert list(page(client, "room", pair.room.code).context["newest"]) == [session]
    assert [given(client, name) for name in ROWS] == [{str(session.pk)}] * 2
    assert exported(regional, session) == {str(session.pk)}
    assert on_the_phone(pair.first, pair.room) == pytest.approx(66.7)


def test_what_both_have_closed_counts_once(country, pair, sign_in):
    first = pairing.code(pair, pair.first)
    pairing.code(pair, pair.second, value=3)
    regional = organisations.person("regional", country.here.region)
    client = sign_in(regional)

    assert list(page(client, "room", pair.room.code).context["newest"]) == [first]
    assert [given(client, name) for name in ROWS] == [{str(first.pk)}] * 2
    assert exported(regional, first) == {str(first.pk)}
    assert list(queries.countable(ObservationSession.objects.all())) == [first]
    assert on_the_phone(pair.second, pair.room) == pytest.approx(66.7)
