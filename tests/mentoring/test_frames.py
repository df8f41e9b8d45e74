import datetime

from django.utils import timezone

from mentoring.enums import CycleStatus
from mentoring.frames import completed, doses
from organisations.models import Unit
from tests.factories import mentoring as mentor

COLUMNS = [
    "room",
    "centre",
    "cycles_opened",
    "cycles_completed",
    "modelled",
    "planned_minutes",
    "actual_minutes",
]


def period(start=30, end=0):
    return mentor.days_ago(start), mentor.days_ago(end)


def test_doses_of_rooms_count_cycles_and_minutes_of_the_period(country):
    pair = mentor.pair(country.here)
    cycle = mentor.cycle(pair, CycleStatus.COMPLETED, opened=20)
    type(cycle).objects.filter(pk=cycle.pk).update(modelled=True)

    frame = doses(Unit.objects.of_kind("room").within(country.here.region), *period())

    assert list(frame.columns) == COLUMNS
    assert set(frame.dtypes.astype(str)) == {"int64"}
    with_dose, without = frame.to_dict("records")
    # prepare 10, observe 30, reflect 25, agree 10, practise 20; the last was planned in 4 days
    assert with_dose == {
        "room": pair.room.pk,
        "centre": country.here.centre.pk,
        "cycles_opened": 1,
        "cycles_completed": 1,
        "modelled": 1,
        "planned_minutes": 95,
        "actual_minutes": 15 + 30 + 15 + 10 + 15 + 30,
    }
    assert list(without.values())[2:] == [0, 0, 0, 0, 0]


def test_doses_outside_the_period_are_zero(country):
    mentor.cycle(mentor.pair(country.here), CycleStatus.COMPLETED, opened=20)

    frame = doses(Unit.objects.of_kind("room"), *period(400, 300))

    assert frame[COLUMNS[2:]].to_numpy().sum() == 0


def test_doses_of_a_cancelled_cycle_keep_what_was_done_only(country):
    mentor.cycle(mentor.pair(country.here), CycleStatus.CANCELLED, opened=20)

    frame = doses(Unit.objects.of_kind("room"), *period())

    assert frame["cycles_opened"].sum() == 1
    assert frame["planned_minutes"].sum() == 0


def test_doses_of_no_rooms_have_columns_and_no_rows(country):
    today = timezone.localdate()

    frame = doses(Unit.objects.none(), today, today + datetime.timedelta(1))

    assert (list(frame.columns), len(frame)) == (COLUMNS, 0)


def test_doses_take_as_many_queries_for_many_rooms_as_for_one(country, django_assert_num_queries):
    for number in (0, 1):
        mentor.cycle(mentor.pair(country.here, number), CycleStatus.COMPLETED)
    rooms = Unit.objects.of_kind("room")

    for some in (rooms.filter(pk=country.here.rooms[0].pk), rooms):
        with django_assert_num_queries(7):
            doses(some, *period())


def test_completed_cycles_stand_on_their_days(country):
    pair = mentor.pair(country.here)
    for opened in (40, 20):
        mentor.cycle(pair, CycleStatus.COMPLETED, opened=opened)
    mentor.cycle(pair, CycleStatus.PRACTISE, opened=5)

    frame = completed(Unit.objects.of_kind("room"), *period(30))

    assert frame.to_dict("records") == [{"room": pair.room.pk, "day": mentor.days_ago(20)}]
    assert completed(Unit.objects.of_kind("room"), *period(400, 300)).empty
