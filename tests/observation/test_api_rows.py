"""The rest of the API: rows, instruments, filters, pages, and whatever is thrown at it."""

import json
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from observation.actions import instruments, sessions
from tests.factories import observation as make
from tests.factories import organisations

SESSIONS, RATINGS, SCORES, INSTRUMENTS = (
    reverse(f"observation_api:{name}_list") for name in ("session", "rating", "score", "instrument")
)
LISTS = (SESSIONS, RATINGS, SCORES)


@pytest.fixture
def director(country, client):
    person = organisations.person("director", country.here.centre)
    client.force_login(person)
    return person


def results(client, address: str, query: str = "") -> list[dict]:
    answer = client.get(f"{address}?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_ratings_are_those_of_the_session(room, director, client):
    session = make.closed(room)

    rows = results(client, RATINGS)

    assert len(rows) == 48
    assert {row["session"] for row in rows} == {str(session.pk)}
    assert {row["state"] for row in rows} == {"scored", "na"}
    assert set(rows[0]) == {
        *("session", "room", "observed_on", "purpose", "instrument", "version"),
        *("cycle", "item", "domain", "state", "value", "marks"),
    }


def test_scores_are_those_stored(room, director, client):
    session = make.closed(room)

    given = {row["domain"]: row["score"] for row in results(client, SCORES)}

    stored = session.scores.select_related("domain")
    assert given == {one.domain.code if one.domain else None: one.score for one in stored}


def test_rows_leave_out_drafts_and_what_was_corrected(room, director, client):
    old = make.closed(room)
    draft = sessions.correct(session=old, by=old.observer, reason="Una errata")
    entries = [make.cycle(draft, number, value=1) for number in (1, 2)]
    new = sessions.close(session=draft, cycles=entries, by=draft.observer)
    make.filled(room)

    for address in (RATINGS, SCORES):
        assert {row["session"] for row in results(client, address)} == {str(new.pk)}
    assert [row["id"] for row in results(client, SESSIONS, "current=true")] == [str(new.pk)]
    assert len(results(client, SESSIONS)) == 2


def test_alerts_are_nowhere(room, director, client):
    draft = make.filled(room)
    entry = {"number": 1, "alerts": {"ALE1": "Hidden fact"}}
    sessions.save_draft(session=draft, cycles=[entry], by=draft.observer)
    session = sessions.close(session=draft, by=draft.observer)
    detail = reverse("observation_api:session_detail", args=[session.pk])

    for address in (*LISTS, detail):
        assert b"Hidden" not in client.get(address).content
        assert b"ALE1" not in client.get(address).content


def test_instruments_and_what_they_say(room, director, client, version):
    (row,) = results(client, INSTRUMENTS)
    address = reverse("observation_api:instrument_detail", args=["checklist", 1])
    whole = client.get(address).json()

    assert (row["instrument"], row["number"], row["status"]) == ("checklist", 1, "published")
    assert instruments.content_hash(whole["content"]) == row["content_hash"]
    gone = reverse("observation_api:instrument_detail", args=["checklist", 99])
    assert client.get(gone).status_code == 404


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("room=norte-z1-c1-lb", True),
        ("room=norte-z1-c1", False),
        ("centre=norte-z1-c1", True),
        ("region=norte", True),
        ("region=sur", False),
        ("instrument=checklist", True),
        ("instrument=other", False),
        ("version=1", True),
        ("version=2", False),
        ("purpose=formative", True),
        ("purpose=official", False),
        ("day=2020-01-01", False),
        ("from=2020-01-01", True),
        ("to=2020-01-01", False),
        ("changed_since=2020-01-01T00:00:00Z", True),
        ("changed_since=2150-01-01T00:00:00Z", False),
    ],
)
def test_lists_filter_alike(room, director, client, address, query, found):
    make.closed(room)

    assert bool(results(client, address, query)) is found


@pytest.mark.parametrize("address", [RATINGS, SCORES])
def test_pages_give_each_row_once(room, director, client, address):
    make.closed(room)
    make.closed(room)
    whole = results(client, address, "limit=1000")

    rows, following, pages = [], f"{address}?limit=7", 0
    while following:
        answer = client.get(following).json()
        rows, following, pages = rows + answer["results"], answer["next"], pages + 1

    assert rows == whole
    assert pages == -(-len(whole) // 7)


def test_sessions_keep_their_order_from_page_to_page(room, director, client):
    for _nth in range(3):
        make.closed(room)

    whole = [row["id"] for row in results(client, SESSIONS)]
    single = [results(client, SESSIONS, f"limit=1&offset={n}")[0]["id"] for n in range(3)]

    assert single == whole


@pytest.mark.parametrize("address", LISTS)
def test_lists_ask_as_often_for_many_as_for_one(room, director, client, address):
    make.closed(room)
    client.get(address)

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked)

    one = count()
    make.closed(room)
    make.closed(room)
    assert count() == one


@pytest.mark.parametrize("address", [*LISTS, INSTRUMENTS])
def test_nobody_gets_in_unknown(client, version, address):
    assert client.get(address).status_code == 401


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        "version=1.5",
        "version=NaN",
        "version=99999999999999999999",
        "version=-1",
        "day=0000-00-00",
        "changed_since=yesterday",
        "changed_since=0001-01-01T00:00:00%2B14:00",
        "changed_since=9999-12-31T23:59:59-14:00",
        "purpose=pay",
        "from=x&to=y",
    ],
)
def test_what_cannot_be_read_is_400(room, director, client, address, query):
    answer = client.get(f"{address}?{query}")

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "cursor", ["x", "cD1hYmM=", "cD0tMQ==", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "%00"]
)
def test_a_made_up_cursor_is_refused(room, director, client, cursor):
    assert client.get(f"{RATINGS}?cursor={cursor}").status_code in (400, 404)


NAMES = (
    *("room", "centre", "region", "instrument", "version", "purpose", "day", "from", "to"),
    *("changed_since", "status", "current", "session", "item", "domain"),
    *("limit", "offset", "cursor", "format", "lang", "nothing"),
)
WORDS = st.one_of(
    st.text(max_size=40),
    st.integers().map(str),
    st.floats().map(str),
    st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    st.dates().map(str),
    st.uuids().map(str),
    st.sampled_from(
        ["", "true", "None", "[]", "{}", "%00", "'--", "%ED%A0%80", "9" * 400, "x" * 9000]
    ),
)


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    address=st.sampled_from([*LISTS, INSTRUMENTS]),
    asked=st.lists(st.tuples(st.sampled_from(NAMES), WORDS), max_size=4),
)
def test_whatever_is_asked_the_answer_is_a_list_or_a_refusal(
    room, director, client, address, asked
):
    query = "&".join(
        f"{name}={value if value.startswith('%') else quote(value.encode('utf-8', 'replace'))}"
        for name, value in asked
    )

    answer = client.get(f"{address}?{query}")

    assert answer.status_code == 200 or 400 <= answer.status_code < 500
    if answer.headers["Content-Type"] == "application/json":
        json.loads(answer.content)


@pytest.mark.parametrize(
    "query", ["purpsoe=official", "item_=CAL1", "status=gone", "current=perhaps", "offset_=1"]
)
@pytest.mark.parametrize("address", LISTS)
def test_what_no_filter_is_called_is_refused_and_not_passed_over(
    room, director, client, address, query
):
    answer = client.get(f"{address}?{query}")

    assert answer.status_code == 400
    assert list(answer.json()) == [query.partition("=")[0]]


def test_what_is_not_there_is_said_in_words(room, director, client):
    gone = reverse("observation_api:session_detail", args=["0" * 8 + "-0000-4000-8000-" + "0" * 12])

    answer = client.get(gone, headers={"Accept-Language": "en"})

    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


def test_too_many_requests_are_told_to_wait(room, director, client, monkeypatch):
    monkeypatch.setattr("organisations.adapters.PerPerson.rate", "2/min", raising=False)
    cache.clear()

    answers = [client.get(SESSIONS).status_code for _nth in range(3)]

    assert (answers[0], answers[-1]) == (200, 429)
