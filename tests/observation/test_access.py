"""Who sees which pages and rows."""

import pytest
from django.urls import reverse

from observation import queries
from observation.models import SafeguardingCase
from organisations.models import Unit
from tests.factories import observation as make
from tests.factories import organisations


def url(name, *args) -> str:
    return reverse(f"observation:{name}", args=args)


def alert_and_close(filled):
    from observation.actions import sessions  # noqa: PLC0415 — this test alone writes so

    entry = {"number": 1, "alerts": {"ALE1": "Hidden fact"}}
    sessions.save_draft(session=filled, cycles=[entry], by=filled.observer)
    return sessions.close(session=filled, by=filled.observer)


def test_case_is_seen_by_officers_of_child_protection_only(country, room, filled, sign_in):
    session = alert_and_close(filled)
    case = SafeguardingCase.objects.get(session_uid=session.pk)
    officer = organisations.person("protection", country.here.region)
    elsewhere = organisations.person("protection", country.elsewhere.region)
    page = url("case_detail", case.pk)
    assert "Hidden fact" in sign_in(officer).get(page).content.decode()
    assert sign_in(elsewhere).get(page).status_code == 404
    assert sign_in(officer).get(url("session_list")).status_code == 403

    peer = organisations.person("mentor", country.here.centre)
    director = organisations.person("director", country.here.centre)
    regional = organisations.person("regional", country.here.region)
    national = organisations.person("national", country.country)
    for person in (peer, director, regional, national, session.caregiver, session.observer):
        client = sign_in(person)
        assert client.get(url("case_list")).status_code == 403
        assert client.get(page).status_code == 403
        for address in (
            url("session_detail", session.pk),
            url("session_list"),
            reverse("observation_api:session_detail", args=[session.pk]),
            reverse("observation_api:session_list"),
        ):
            response = client.get(address)
            assert response.status_code == 200
            body = response.content.decode()
            assert "Hidden fact" not in body
            assert "ALE1" not in body


# ---- who sees what


def pages(session) -> list[str]:
    return [
        url("session_detail", session.pk),
        url("session_pdf", session.pk),
        url("session_record", session.pk, 1),
        url("session_review", session.pk),
        url("session_correct", session.pk),
        reverse("observation_api:session_detail", args=[session.pk]),
    ]


@pytest.mark.parametrize("role", ["mentor", "director", "zonal", "regional"])
def test_neighbours_see_nothing(country, room, sign_in, role):
    session = make.closed(room)
    place = {"regional": country.elsewhere.region, "zonal": country.elsewhere.zone}
    neighbour = organisations.person(role, place.get(role, country.elsewhere.centre))
    client = sign_in(neighbour)

    assert {client.get(page).status_code for page in pages(session)} <= {403, 404}
    assert list(client.get(url("session_list")).context["page"]) == []
    assert client.get(reverse("observation_api:session_list")).json()["count"] == 0


def test_draft_is_for_its_observer_alone(country, filled, sign_in):
    director = organisations.person("director", country.here.centre)
    peer = organisations.person("mentor", country.here.centre)
    for person in (director, peer, filled.caregiver):
        client = sign_in(person)
        assert {client.get(page).status_code for page in pages(filled)} <= {403, 404}
        assert list(client.get(url("session_list")).context["page"]) == []

    assert len(sign_in(filled.observer).get(url("session_list")).context["page"]) == 1


def test_peer_reads_a_closed_session_and_cannot_record_in_it(country, room, sign_in):
    session = make.closed(room)
    client = sign_in(organisations.person("mentor", country.here.centre))

    codes = [client.get(page).status_code for page in pages(session)]
    assert codes == [200, 200, 404, 404, 404, 200]


def test_caregiver_sees_her_own_sessions_only(country, room, sign_in):
    hers, others = make.closed(room), make.closed(room)
    client = sign_in(hers.caregiver)

    assert list(client.get(url("session_list")).context["page"]) == [hers.pk]
    assert client.get(url("session_detail", others.pk)).status_code == 404
    assert client.get(url("instrument_list")).status_code == 403


def test_anonymous_is_sent_to_sign_in(client, room):
    session = make.closed(room)

    for page in [*pages(session)[:-1], url("session_list"), url("session_begin")]:
        response = client.get(page)
        assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_login"))


def test_list_filters_by_room_and_state_and_survives_rubbish(country, room, sign_in):
    closed = make.closed(room)
    draft = make.draft(country.here.rooms[1], closed.observer)
    client = sign_in(closed.observer)

    def shown(query):
        return list(client.get(url("session_list") + query).context["page"])

    assert shown(f"?room={room.code}") == [closed.pk]
    assert len(shown(f"?room={country.here.centre.name.upper()}")) == 2
    assert shown(f"?room={country.elsewhere.centre.code}") == []
    assert shown("?status=draft") == [draft.pk]
    assert len(shown("?status=zz&page=zz")) == 2


def test_list_searched_by_a_name_that_many_rooms_have_finds_ones_own(
    country, room, sign_in, monkeypatch
):
    monkeypatch.setattr(queries.sessions, "MOST_ROOMS", 1)
    first, last = make.closed(country.here.rooms[0]), make.closed(country.elsewhere.rooms[0])
    Unit.objects.filter(kind="room").update(name="Maternal A")
    client = sign_in(last.observer)

    page = client.get(url("session_list"), {"room": "maternal a"}).context["page"]

    assert (list(page), first.unit.path < last.unit.path) == ([last.pk], True)


@pytest.mark.parametrize(
    ("name", "role"), [("session_list", "regional"), ("case_list", "protection")]
)
def test_list_asks_the_same_queries_whatever_its_length(
    country, room, sign_in, name, role, django_assert_num_queries
):
    client = sign_in(organisations.person(role, country.here.region))
    alert_and_close(make.filled(room))
    client.get(url(name))

    def count() -> int:
        from django.db import connection  # noqa: PLC0415 — this test alone
        from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 — likewise

        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url(name)).status_code == 200
        return len(queries)

    one = count()
    for _again in range(2):
        alert_and_close(make.filled(room))
    assert count() == one
