import datetime

from django.utils import timezone

from lms.frames import completed, first_completed
from lms.models import Enrolment
from organisations.models import Post, Unit
from tests.factories import learning as make
from tests.factories import organisations as people


def test_completed_lessons_stand_on_their_days(country):
    room = country.here.rooms[0]
    done, _begun = (make.enrolment(people.person("caregiver", room)) for _each in range(2))
    now = timezone.now()
    Enrolment.objects.filter(pk=done.pk).update(completed_at=now)
    today = timezone.localdate(now)

    frame = completed(Unit.objects.of_kind("room"), today, today)

    assert frame.to_dict("records") == [{"room": room.pk, "day": today}]


def test_first_lesson_of_who_holds_a_post_counts_wherever_she_took_it(country):
    here, there = country.here.rooms[0], country.elsewhere.rooms[0]
    moved = people.person("caregiver", there)
    first, second = (make.enrolment(moved) for _each in range(2))
    people.post("caregiver", here, moved)
    make.enrolment(people.person("caregiver", here))  # begun, not completed
    now = timezone.now()
    for enrolment, days in ((first, 40), (second, 2)):
        day = now - datetime.timedelta(days)
        Enrolment.objects.filter(pk=enrolment.pk).update(started_at=day, completed_at=day)
    posts = Post.objects.within(country.here.region).filter(role="caregiver")
    today = timezone.localdate(now)

    frame = first_completed(posts, today)

    expected = [{"person": moved.pk, "day": today - datetime.timedelta(40)}]
    assert frame.to_dict("records") == expected
    assert first_completed(posts, today - datetime.timedelta(60)).empty
