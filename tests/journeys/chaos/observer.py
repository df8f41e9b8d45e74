"""An observer who records sessions whatever breaks, and begins again where she was."""

import contextlib
import re
import time
from dataclasses import dataclass, field

from playwright.sync_api import Error, Locator, Page

from tests.journeys.chaos.world import World

CALAMITIES = 0.12  # of steps
BAD = 0.7  # of runs begin on a bad network
TRIES = 4  # through a bad network, once all is closed
HASTE = 0.3  # of what makes a record
PATIENCE = 240  # seconds for one run
KNOWN = "Your rooms and checklists are on this phone until"
ALERT = "Treatment alert (protected)"


@dataclass
class Plan:
    """A session that is to be recorded: in which room, with which answers."""

    room: str
    title: str
    answers: dict[str, int]
    alert: str = ""  # what is to be raised before the items
    raised: bool = False
    id: str = ""


@dataclass
class Observer:
    """Drives the recorder by what stands on the screen."""

    world: World
    plans: list[Plan]
    broke: list[str] = field(default_factory=list)

    def work(self) -> None:
        """Record all plans, breaking things on the way; then let everything be sent."""
        until = time.monotonic() + PATIENCE
        self.world.network.bad = self.world.rng.random() < BAD
        while not all(plan.id for plan in self.plans):
            assert time.monotonic() < until, f"Not done after {self.broke}"
            plan = self.world.rng.choice([plan for plan in self.plans if not plan.id])
            with contextlib.suppress(Error):
                self._go_on(plan)
        # Nothing new from here on, but what waits has a bad network first.
        self.world.heal()
        self.world.network.bad = True
        for _attempt in range(TRIES):
            if self._all_sent():
                break
        self.world.heal()
        while not self._all_sent():
            assert time.monotonic() < until, f"Not sent after {self.broke}"

    def sign_in(self) -> None:
        """Through the network as it is now."""
        page = self.world.phone.page()
        page.goto(f"{self.world.url}/cuenta/login/?next=/campo/")
        if page.locator("input[name=login]").count():
            page.fill("input[name=login]", self.world.person.email)
            page.fill("input[name=password]", self.world.person.password)
            page.press("input[name=password]", "Enter")
            page.wait_for_url("**/campo/**")
        page.get_by_text(KNOWN).wait_for()
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    # ---- recording

    def _go_on(self, plan: Plan) -> None:
        """From the first page on, as far as nothing breaks."""
        page = self._home()
        if closed := self._card(page, plan.title, "[data-state]"):
            plan.id = closed
        elif draft := self._card(page, plan.title, ":not([data-state])"):
            if plan.alert and not plan.raised:
                self._raise(page, draft, plan)
            self._open(page, f"#/observation/{draft}")
            while self._step(page, plan):
                pass
        else:
            self._begin(page, plan)

    def _home(self) -> Page:
        page = self.world.phone.page()
        page.goto(f"{self.world.url}/campo/#/")
        page.locator("#field-app h2").first.wait_for()
        page.locator("#field-app section p, #field-app .cards").nth(2).wait_for()
        return page

    def _open(self, page: Page, route: str) -> None:
        here = page.locator("#field-app h1").first.element_handle()
        page.evaluate("(route) => { location.hash = route; }", route)
        here.wait_for_element_state("hidden")

    def _card(self, page: Page, title: str, state: str) -> str:
        """The id of what is called ``title``, nothing where there is none."""
        cards = page.locator(f"#field-app .cards > li[data-id]{state}")
        for card in cards.filter(has=page.locator("h3", has_text=title)).all():
            return card.get_attribute("data-id") or ""
        return ""

    def _begin(self, page: Page, plan: Plan) -> None:
        self._open(page, "#/observation")
        self._break()
        page.locator(f"a.row-link[href='#/observation/new/{plan.room}']").click()
        page.locator("#field-app input[type=radio]").first.check(force=True)
        page.get_by_label("Brief 1").check(force=True)
        self._break()
        page.get_by_role("button", name="Begin").click()
        page.get_by_role("button", name="Go on to the items").wait_for()

    def _raise(self, page: Page, draft: str, plan: Plan) -> None:
        """Raise the alert, unless it is gone from the draft and stands among what is closed."""
        closed = self._card(page, ALERT, "[data-state]")
        self._open(page, f"#/observation/{draft}/1/alert")
        text = page.get_by_label("What happened")
        text.wait_for()
        if not closed or text.input_value():
            page.locator("#field-app .alert-choice input[type=radio]").check(force=True)
            text.fill(plan.alert)
            self._break()
            self._press(page, page.get_by_role("button", name="Raise the alert"))
            page.get_by_role("heading", name="The alert is raised").wait_for()
        plan.raised = True

    def _press(self, page: Page, button: Locator) -> None:
        """Press it; at times the tab or the browser dies before anything is shown."""
        if self.world.rng.random() < HASTE:
            page.evaluate("(it) => setTimeout(() => it.click())", button.element_handle())
            self._break(always=True)
        else:
            button.click()

    def _step(self, page: Page, plan: Plan) -> bool:
        """Do what the screen asks for next; False once the session is closed."""
        self._break()
        page.locator("#field-app h1").wait_for()
        onward = re.compile("^(Go on to the items|End the cycle and review)$")
        if (button := page.get_by_role("button", name=onward)).count():
            self._go(button)
        elif (button := page.get_by_role("button", name="Close the session")).count():
            return self._close(page, plan, button)
        elif page.locator("#field-app fieldset.item").count():
            self._answer(page, plan)
        else:
            return False
        return True

    def _answer(self, page: Page, plan: Plan) -> None:
        code = page.locator("#field-app fieldset.item .item-code").first.inner_text().strip()
        item = page.locator("#field-app fieldset.item").filter(has_text=code)
        item.locator(f"input[type=radio][value='{plan.answers[code]}']").check(force=True)
        self._break()
        self._go(page.get_by_role("button", name="Next"))

    def _go(self, onward: Locator) -> None:
        """Press it and wait for the next page: nobody answers it before she sees it."""
        here = onward.element_handle()
        here.click()
        here.wait_for_element_state("hidden")

    def _close(self, page: Page, plan: Plan, button: Locator) -> bool:
        missing = page.locator("#field-app a[href*='/item/']")
        if missing.count():
            self._go(missing.first)
            return True
        self._press(page, button)
        page.get_by_role("heading", name="The session is closed").wait_for()
        return False

    # ---- breaking, sending

    def _break(self, *, always: bool = False) -> None:
        if always or self.world.rng.random() < CALAMITIES:
            self.broke.append(self.world.calamity())

    def _all_sent(self) -> bool:
        with contextlib.suppress(Error):
            page = self._home()
            if page.get_by_role("link", name="Sign in").count():
                self.sign_in()
            send = page.get_by_role("button", name="Send now")
            send.click()
            # The button is at rest again once the round is over.
            page.locator("button:not([aria-disabled])", has_text="Send now").wait_for()
            return page.locator("#field-unsent.badge-good").count() == 1
        return False
