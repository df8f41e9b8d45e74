import datetime

from django.urls import reverse
from django.utils import timezone

from mentoring.models import MentoringCycle
from organisations import home
from organisations.home import NextStep
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


def test_next_steps_go_by_order_and_then_by_day(monkeypatch):
    monkeypatch.setattr(home, "_providers", [])
    early, late = datetime.date(2026, 3, 1), datetime.date(2026, 3, 2)
    home.register("a", lambda user: [NextStep("lesson", "/", "Go")], order=90)
    home.register("a", lambda user: [NextStep("late", "/", "Go", due=late)])
    home.register("a", lambda user: [NextStep("early", "/", "Go", due=early)])
    home.register("b", lambda user: [NextStep("not hers", "/", "Go")], order=10)
    home.register("a", lambda user: [NextStep("alert", "/", "Go")], order=10)

    steps = home.next_steps(None, {"a"})

    assert [step.text for step in steps] == ["alert", "early", "late", "lesson"]


def test_home_names_the_room_of_a_post_with_its_centre(client, country):
    client.force_login(make.person("caregiver", country.here.rooms[0]))

    page = client.get(reverse("home")).content.decode()

    assert f"{country.here.rooms[0]} · {country.here.centre}" in page
