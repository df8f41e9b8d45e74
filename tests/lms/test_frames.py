from django.utils import timezone

from lms.frames import completed
from lms.models import Enrolment
from organisations.models import Unit
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
