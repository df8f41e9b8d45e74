"""A mentoring cycle from its opening to the practised goal, by mentor and caregiver."""

import pytest
from playwright.sync_api import expect

from tests.journeys import observing
from tests.journeys.conftest import Visitor
from tests.journeys.site import Site

pytestmark = pytest.mark.journey


OBSERVED_TODAY = """
from django.utils.timezone import localdate
from observation.models import ObservationSession
from organisations.models import User
rooms = ObservationSession.objects.filter(observed_on=localdate()).values("unit")
print(*User.objects.filter(posts__unit__in=rooms).values_list("pk", flat=True))
"""


def choose_mentee(mentor: Visitor, site: Site) -> tuple[str, str]:
    """Name and id of a caregiver in whose room no session of today would do the step by itself."""
    observed = site.manage("shell", "--verbosity=0", f"--command={OBSERVED_TODAY}").split()
    options = mentor.field("Caregiver").locator("option[value]:not([value=''])").all()
    offered = {str(one.get_attribute("value")): one.inner_text() for one in options}
    chosen = next(key for key in offered if key not in observed)
    mentor.field("Caregiver").select_option(chosen)
    return offered[chosen].split(" — ")[0], chosen


@pytest.mark.parametrize("language", ["es", "en"])
def test_cycle_goes_from_opening_to_a_practised_goal(language, visit, site):
    mentor = visit(language)
    page = mentor.sign_in("mentor")
    mentor.check()
    mentor.reads("What comes next")

    # Open a cycle: her home page then says what is next.
    mentor.go("/mentoria/hoy/")
    mentor.check()
    mentor.follow("Open a cycle")
    name, caregiver = choose_mentee(mentor, site)
    mentor.press("Open the cycle")
    cycle = page.url.removeprefix(site.url)

    mentor.go("/inicio/?all")
    mentor.check()
    mentor.reads("Prepare the cycle with %(caregiver)s", caregiver=name)
    with page.expect_navigation():
        page.locator(f"a[href='{cycle}']").click()
    mentor.follow("Mark as prepared")
    mentor.field("Minutes that it took").fill("12")
    mentor.press("Note the step")

    # The observation does its step by itself once its session is closed.
    mentor.follow("Observe the room")
    mentor.press("Begin")
    observing.record_and_close(mentor)
    mentor.go(cycle)
    mentor.check()
    mentor.follow("Note the conversation")
    mentor.field("Minutes that it took").fill("25")
    mentor.field("Note").fill("Hablamos de la hora de comer.")
    mentor.press("Note the step")

    mentor.follow("Agree the goal")
    goal = f"Espero cinco segundos antes de dar la cucharada ({language})."
    mentor.field("The goal, in the caregiver's words").fill(goal)
    mentor.press("Write down the goal")
    mentor.reads(
        "The cycle goes on when %(caregiver)s accepts the goal on her own page.", caregiver=name
    )

    # It is hers to accept and to practise.
    hers = visit(language)
    hers.sign_in(site.open_account(f"posts__pk={caregiver}"))
    hers.check()
    hers.reads("Read your goal and say whether it is yours")
    hers.follow("See the goal")
    expect(hers.page.locator("main")).to_contain_text(goal)
    hers.press("Yes, this is my goal")
    hers.follow("Mark the goal as practised")
    hers.press("Mark as practised")
    hers.reads("Well done. Your mentor can see it.")
    hers.follow("Read the whole feedback")

    mentor.go(cycle)
    mentor.check()
    practised = mentor.page.get_by_role("region", name=mentor.say("The goal"))
    expect(practised).to_contain_text(mentor.say("Practised on %(day)s.", day="").strip(" ."))
    mentor.follow("Note the practice")
