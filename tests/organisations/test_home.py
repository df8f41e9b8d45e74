from django.urls import reverse
from django.utils import timezone

from mentoring.models import MentoringCycle
from tests.factories import organisations as make


def test_home_shows_five_steps_and_leads_to_the_others(client, country):
    mentor = make.person("mentor", country.here.centre)
    room, today = country.here.rooms[0], timezone.localdate()
    for _ in range(7):
        caregiver = make.person("caregiver", room)
        cycle = MentoringCycle.objects.create(
            room=room, mentor=mentor, caregiver=caregiver, number=1, opened_on=today
        )
        cycle.steps.create(kind="prepare", planned_on=today, planned_minutes=10)
    client.force_login(mentor)

    page = client.get(reverse("home"), headers={"accept-language": "en"})
    every = client.get(reverse("home") + "?all", headers={"accept-language": "en"})

    assert len(page.context["steps"]) == 5
    assert page.context["steps"][0].text.startswith("Prepare the cycle with ")
    more = len(every.context["steps"]) - 5
    assert more >= 2
    assert f"Show {more} more steps" in page.content.decode()
    assert "more step" not in every.content.decode()
