"""What the pages of places say of what is not counted, and of where nobody observed."""

import pytest
from django.urls import reverse

from observation.models import QualityRules, Reinstatement
from tests.observation.looking import page, visits


def test_official_results_leave_out_what_official_figures_leave_out_and_say_so(
    country, national, sign_in
):
    room = country.here.rooms[0]
    certified, other = visits(room, [3, 0])
    QualityRules.objects.create(pk=1, certified_from=certified.observed_on)
    Reinstatement.objects.create(session=certified, by=national, reason="Se comprobó")
    client = sign_in(national)

    for kind, code in (("room", room.code), ("centre", "norte-z1-c1"), ("region", "norte")):
        answer = page(client, kind, code)
        shown = answer.context["results"].whole["ALL"]
        assert (shown.n, shown.value) == (1, pytest.approx(100))
        assert b"1 official session of this period is kept and not counted" in answer.content
        assert reverse("observation:left_out_list").encode() in answer.content
    assert other in page(client, "room", room.code).context["newest"]


def test_where_all_are_left_out_nothing_is_shown_but_why(country, regional, sign_in):
    room = country.here.rooms[0]
    first, _second = visits(room, [3, 0])
    QualityRules.objects.create(pk=1, certified_from=first.observed_on)

    answer = page(sign_in(regional), "room", room.code)

    assert "results" not in answer.context
    assert b"2 official sessions of this period are kept and not counted" in answer.content
    assert b"Nobody observed here in this period" not in answer.content


def test_list_puts_places_that_nobody_observed_apart_and_says_what_to_do(
    country, national, version, sign_in
):
    (session,) = visits(country.here.rooms[0], [2])

    answer = sign_in(national).get(reverse("observation:place_list"))

    ((unit, _href, seen),) = answer.context["rows"]
    assert (unit.code, seen.sessions, seen.last) == ("norte", 1, session.observed_on)
    assert [unit.code for unit, _href in answer.context["quiet"]] == ["sur"]
    assert b"Nobody has observed here yet" in answer.content
    assert reverse("observation:round_list").encode() in answer.content


def test_places_below_say_how_often_they_were_observed(country, regional, sign_in):
    visits(country.here.rooms[0], [2, 3])

    below = page(sign_in(regional), "centre", "norte-z1-c1").context["children"]

    assert [seen and seen.sessions for _one, _href, seen in below] == [2, None]
