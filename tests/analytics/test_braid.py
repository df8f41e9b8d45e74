"""What the braid counts, and what it leaves out: worked by hand."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from analytics.actions import runs
from analytics.models import Run
from lms.models import Enrolment
from observation.enums import Purpose
from observation.models import ObservationSession, SessionScore
from organisations.models import User
from tests.factories import learning, mentoring
from tests.factories import observation as observe
from tests.factories import organisations as make
from tests.factories.mentoring import days_ago


def computed(unit) -> tuple[Run, dict[str, dict[str, str]]]:
    """The run of the last 300 days, and the rows of its table by code of the room."""
    run = runs.request(
        kind="braid",
        unit=unit,
        starts_on=days_ago(300),
        ends_on=days_ago(0),
        background=False,
    )
    run = runs.compute(run=run)
    return run, {row["room"]: row for row in csv.DictReader(io.StringIO(run.table))}


def official(room, days: int, value: int, observer: User | None = None) -> ObservationSession:
    observer = observer or make.person("zonal", room.get_parent().get_parent())
    return observe.closed(
        room, observer, value, observed_on=days_ago(days), purpose=Purpose.OFFICIAL
    )


def lesson_completed(who: User, room, days: int) -> Enrolment:
    day = timezone.now() - datetime.timedelta(days)
    return Enrolment.objects.create(
        user=who, lesson=learning.lesson(), unit=room, started_at=day, completed_at=day
    )


def test_scores_rest_on_official_sessions_alone(country):
    room = country.here.rooms[0]
    for days, value in ((150, 0), (10, 3)):  # the mentor sees a rise of 100 points
        observe.closed(room, value=value, observed_on=days_ago(days))
    official(room, 100, 2)
    official(room, 40, 1)

    run, rows = computed(country.here.region)

    row = rows[room.code]
    assert (float(row["first"]), float(row["last"])) == pytest.approx((200 / 3, 100 / 3))
    assert float(row["change"]) == pytest.approx(-100 / 3)
    assert float(row["sessions"]) == 2
    counts = ("sessions", "official", "without_score")
    assert [run.result["observation"][name] for name in counts] == [4, 2, 0]


def test_room_that_only_its_mentor_saw_has_no_change(country):
    room = country.here.rooms[0]
    for days in (150, 10):
        observe.closed(room, observed_on=days_ago(days))

    run, rows = computed(country.here.region)

    assert (rows[room.code]["first"], rows[room.code]["change"]) == ("", "")
    assert run.result["coverage"]["rooms_change"] == 0
    assert run.result["observation"]["change"]["sufficient"] is False


def test_session_without_overall_score_is_counted_and_told_apart(country):
    room = country.here.rooms[0]
    session = official(room, 100, 2)
    SessionScore.objects.filter(session=session, domain=None).update(score=None)

    run, _rows = computed(country.here.region)

    counts = ("sessions", "official", "without_score")
    assert [run.result["observation"][name] for name in counts] == [1, 1, 1]


def test_dose_between_the_scores_stands_beside_that_of_the_period(country):
    pair = mentoring.pair(country.here)
    official(pair.room, 100, 1)
    official(pair.room, 40, 2)
    # Before, on the day of the first score, between, on the day of the last, after.
    for days in (120, 100, 70, 40, 20):
        mentoring.cycle(pair, "completed", opened=days)
        lesson_completed(pair.caregiver, pair.room, days)

    run, rows = computed(country.here.region)

    row, other = rows[pair.room.code], rows[country.here.rooms[1].code]
    assert (float(row["cycles"]), float(row["cycles_between"])) == (5, 2)
    assert (float(row["modules"]), float(row["modules_between"])) == (5, 2)
    assert float(row["modules_per_learner_between"]) == 2 / float(row["learners"])
    assert (float(other["cycles"]), other["cycles_between"]) == (0, "")
    assert run.result["mentoring"]["cycles"] == 5
    # Two formative sessions of each cycle have no score, and are sessions all the same.
    assert run.result["observation"]["sessions"] == 12


def test_run_asks_the_same_queries_for_more_records(country):
    def queries() -> int:
        Run.objects.all().delete()
        with CaptureQueriesContext(connection) as caught:
            computed(country.here.region)
        return len(caught)

    zonal = make.person("zonal", country.here.zone)
    official(country.here.rooms[0], 100, 1, zonal)
    before = queries()
    for days in (80, 60, 40):
        official(country.here.rooms[1], days, 2, zonal)

    assert queries() == before


def test_page_says_on_what_scores_rest_and_whom_to_ask(country, client):
    client.force_login(make.person("national", country.country))
    observe.closed(country.here.rooms[0])
    run, _rows = computed(country.here.region)

    page = client.get(f"/trenza/{run.pk}/", headers={"accept-language": "en"}).content.decode()

    assert "who mentors a room helps there and is not its judge" in page
    assert "No room here has two official scores" in page
    assert "an observer who does not mentor here" in page
