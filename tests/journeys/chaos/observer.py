"""An observer who records sessions whatever breaks, and begins again where she was."""

import contextlib
import re
import time
from dataclasses import dataclass, field

from playwright.sync_api import Error, Page

from tests.journeys.chaos.world import World

CALAMITIES = 0.12  # of steps
PATIENCE = 240  # seconds for one run


@dataclass
class Plan:
    """A session that is to be recorded: in which room, with which answers."""

    room: str
    title: str
    answers: dict[str, int]
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
        while not all(plan.id for plan in self.plans):
            assert time.monotonic() < until, f"Not done after {self.broke}"
            plan = self.world.rng.choice([plan for plan in self.plans if not plan.id])
            with contextlib.suppress(Error):
                self._go_on(plan)
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
        page.locator("#field-header .person").wait_for()

    # ---- recording

    def _go_on(self, plan: Plan) -> None:
        """From the first page on, as far as nothing breaks."""
        page = self._home()
        if closed := self._card(page, plan, "[data-state]"):
            plan.id = closed
        elif draft := self._card(page, plan, ":not([data-state])"):
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
        page.evaluate("(route) => { location.hash = route; }", route)

    def _card(self, page: Page, plan: Plan, state: str) -> str:
        """The id of the record in the plan's room, nothing where there is none."""
        cards = page.locator(f"#field-app .cards > li[data-id]{state}")
        for card in cards.filter(has=page.locator("h3", has_text=plan.title)).all():
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

    def _step(self, page: Page, plan: Plan) -> bool:
        """Do what the screen asks for next; False once the session is closed."""
        self._break()
        page.locator("#field-app h1").wait_for()
        onward = re.compile("^(Go on to the items|End it and review)$")
        if (button := page.get_by_role("button", name=onward)).count():
            button.click()
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
        page.get_by_role("button", name="Next").or_(
            page.get_by_role("button", name="To the end of the cycle")
        ).first.click()
        # The next page is drawn a moment later: nobody answers it before she sees it.
        item.wait_for(state="detached")

    def _close(self, page: Page, plan: Plan, button) -> bool:
        missing = page.locator("#field-app a[href*='/item/']")
        if missing.count():
            missing.first.click()
            return True
        if self.world.rng.random() < 0.3:
            # Pressed, and the tab or the browser dies before anything is shown.
            page.evaluate("(it) => setTimeout(() => it.click())", button.element_handle())
            self._break(always=True)
            return False
        button.click()
        page.get_by_role("link", name="Rooms").first.wait_for()
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
            page.get_by_role("button", name="Send now").click()
            page.locator("#field-unsent.badge-good").wait_for()
            return True
        return False
