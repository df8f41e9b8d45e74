"""The monthly draw: from which visits, repeatable, from each once."""

import datetime
import hashlib
import json

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse

from core import append_only
from core.refusals import Refusal
from mentoring.actions import cycles
from observation.actions import draws, evaluations, pairs
from observation.models import CodingDraw, CodingPair, QualityRules, RoundAssignment
from tests.factories import double as pairing
from tests.factories import observation as make
from tests.factories import organisations

DAY = datetime.timedelta(days=1)


def visits(country, version, observers=2, each=6):
    """Official visits of observers, ``each`` a number of them on days of the coming month."""
    first = (pairing.today().replace(day=1) + 32 * DAY).replace(day=1)
    evaluation = pairing.evaluation(country.here.region, version, days=90)
    people = [pairing.observer(country.here.rooms[0]) for _each in range(observers)]
    for place, person in enumerate(people):
        for number in range(each):
            evaluations.assign(
                evaluation=evaluation,
                rooms=[country.here.rooms[place % 2]],
                observer=person,
                planned_on=first + (2 * number + place // 2) * DAY,
                by=person,
            )
    return first


def by_hand(draw: CodingDraw) -> list[str]:
    """The draw as docs/double-coding.md tells it, without a line of ours."""

    def digest(*parts):
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    text = json.dumps(draw.frame, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    frame = hashlib.sha256(text.encode()).hexdigest()
    start = int(digest(draw.seed, frame), 16) % 100
    walk = sorted(
        draw.frame,
        key=lambda row: (str(row["observer"]), digest(draw.seed, frame, row["visit"])),
    )
    drawn, before = set(), start
    for row in walk:
        if (before + draw.share) // 100 > before // 100:
            drawn.add(row["visit"])
        before += draw.share
    return [row["visit"] for row in draw.frame if row["visit"] in drawn]


def test_draw_follows_from_seed_and_frame_and_makes_pairs(country, version):
    month = visits(country, version, observers=4, each=6)
    by = organisations.person("regional", country.here.region)

    made = draws.draw(unit=country.here.region, month=month, by=by)

    assert len(made.frame) == 24
    assert len(made.result) in (4, 5)  # 17 in 100 of 24 is 4.08
    assert made.result == draws.repeat(made) == by_hand(made)
    found = CodingPair.objects.filter(draw=made)
    assert sorted(found.values_list("visit", flat=True)) == sorted(made.result)
    assert set(found.values_list("second", flat=True)) == {None}
    assert set(found.values_list("purpose", flat=True)) == {"official"}


def test_another_seed_or_frame_draws_otherwise(country, version):
    month = visits(country, version, observers=4, each=6)
    made = draws.draw(unit=country.here.region, month=month, by=None)
    results = set()
    for number in range(20):
        made.seed = f"seed {number}"
        results.add(tuple(draws.repeat(made)))

    assert len(results) > 10


def test_visit_is_drawn_from_once(country, version):
    month = visits(country, version)
    draws.draw(unit=country.here.region, month=month, by=None)

    for unit in (country.here.region, country.here.zone, country.country):
        with pytest.raises(Refusal, match="no planned visits"):
            draws.draw(unit=unit, month=month, by=None)


def test_visits_planned_later_are_drawn_from_later(country, version):
    month = visits(country, version, observers=1)
    first = draws.draw(unit=country.here.region, month=month, by=None)
    visits(country, version, observers=1, each=3)

    second = draws.draw(unit=country.here.region, month=month, by=None)

    assert (len(first.frame), len(second.frame)) == (6, 3)


def test_each_observer_gets_the_least_that_the_programme_asks_for(country, version):
    QualityRules.objects.create(pk=1, minimum=1, share=15)
    month = visits(country, version, observers=4, each=3)

    made = draws.draw(unit=country.here.region, month=month, by=None)

    drawn = CodingPair.objects.filter(draw=made).values_list("first", flat=True)
    assert len(set(drawn)) == 4


def test_month_that_is_over_is_refused(country, version):
    with pytest.raises(Refusal, match="This month is over"):
        draws.draw(unit=country.here.region, month=pairing.today().replace(day=1) - DAY, by=None)


def test_planned_observations_of_mentoring_are_drawn_from(country, room):
    QualityRules.objects.create(pk=1, share=100)
    mentor = organisations.person("mentor", country.here.centre)
    caregiver = organisations.person("caregiver", room)
    cycle = cycles.open(room=room, caregiver=caregiver, by=mentor)
    planned = cycle.steps.get(kind="observe").planned_on

    made = draws.draw(unit=country.here.region, month=planned, by=None)

    (row,) = [row for row in made.frame if row["on"] == planned.isoformat()]
    assert row == {
        "visit": f"cycle-{cycle.pk}-observe",
        "observer": mentor.pk,
        "room": room.code,
        "on": planned.isoformat(),
        "purpose": "formative",
    }
    pair = CodingPair.objects.get(visit=row["visit"])
    second = pairing.observer(room)
    pairs.arrange(pair=pair, second=second, planned_on=pairing.today(), by=second)
    one = make.closed(room, mentor, caregiver=caregiver)
    other = make.closed(room, second, caregiver=caregiver)
    pair.refresh_from_db()
    assert (pair.first_session, pair.second_session) == (one, other)


def test_drawn_visit_cannot_be_taken_back(country, version):
    QualityRules.objects.create(pk=1, share=100)
    month = visits(country, version, observers=1, each=1)
    draws.draw(unit=country.here.region, month=month, by=None)
    visit = RoundAssignment.objects.get()

    with pytest.raises(Refusal, match="drawn for double coding"):
        evaluations.release(visit=visit, by=visit.observer)
    pairs.cancel(pair=CodingPair.objects.get(), reason="Room closed", by=visit.observer)
    evaluations.release(visit=visit, by=visit.observer)


def test_database_keeps_a_draw(country, version):
    month = visits(country, version)
    draws.draw(unit=country.here.region, month=month, by=None)
    append_only.install(connection)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        CodingDraw.objects.update(seed="0")


def test_pages_draw_and_give_the_frame_to_a_third_person(country, version, sign_in):
    month = visits(country, version)
    client = sign_in(organisations.person("regional", country.here.region))
    where = reverse("observation:draw_list")
    form = {"unit": country.here.region.pk, "month": f"{month:%Y-%m}"}
    assert client.post(where, form | {"month": "x"}).status_code == 400
    assert client.post(where, form | {"unit": country.elsewhere.region.pk}).status_code == 400

    response = client.post(where, form)
    made = CodingDraw.objects.get()
    assert response.url == reverse("observation:draw_detail", args=[made.pk])
    assert client.post(where, form).status_code == 400
    assert "Repeated just now" in client.get(response.url).content.decode()
    told = client.get(reverse("observation:draw_file", args=[made.pk])).json()
    assert (told["seed"], told["frame"], told["result"]) == (made.seed, made.frame, made.result)

    CodingDraw.objects.update(result=[])
    assert "do not lead to this result" in client.get(response.url).content.decode()
