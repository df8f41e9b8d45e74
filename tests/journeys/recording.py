"""What an observer does with the recorder on her phone, in a browser without a network."""

import json
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import EXPECTED, PHONE, Visitor

# Also what the browser itself says of a network that is not there, whenever the page tries it.
OFFLINE = re.compile(rf"{EXPECTED.pattern}|ERR_INTERNET_DISCONNECTED")
IN_BOXES = """async () => {
  const {open} = await import("/static/js/field/engine.js");
  const engine = await open();
  const drafts = await engine.drafts.list();
  const contents = await Promise.all(drafts.map(({id}) => engine.drafts.get(id)));
  const closed = await engine.outbox.list();
  return {drafts: contents.map(({id, content}) => ({id, ...content})),
          outbox: closed.map(({id, kind, state, reason}) => ({id, kind, state, reason}))};
}"""


class Observer:
    """A visitor at the page under /campo/, at nine in the morning of her own time."""

    def __init__(self, visit: Callable[..., Visitor], language: str, viewport=None, **options):
        zone = {"timezone_id": settings.TIME_ZONE}
        self.visitor = visit(language, viewport or PHONE, **zone | options)
        self.visitor.expected = OFFLINE
        self.page: Page = self.visitor.page
        self.say = self.visitor.say
        self.touch = options.get("has_touch", False)

    def arrive(self) -> None:
        """Sign in, let the phone keep the page and the agenda, then lose the network."""
        self.visitor.sign_in("mentor")
        morning = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
        self.page.clock.install(time=morning)
        self.visitor.go("/campo/")
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        known = re.escape(
            self.say("Your rooms and checklists are on this phone until: %(date)s", date="")
        )
        expect(self.page.locator("main")).to_contain_text(re.compile(known))
        self.page.context.set_offline(offline=True)
        self.page.reload()
        self.follow("Observe a room")
        expect(self.heading("Observe a room")).to_be_visible()

    # ---- reading and pressing; the page changes without being loaded anew

    def heading(self, text: str, **values) -> Locator:
        return self.page.get_by_role("heading", name=self.say(text, **values), exact=True)

    def press(self, text: str, **values) -> None:
        self._act(self.page.get_by_role("button", name=self.say(text, **values), exact=True))

    def follow(self, text: str, **values) -> None:
        self._act(self.page.get_by_role("link", name=self.say(text, **values), exact=True))

    def choose(self, name: str, within: Locator | None = None, role: str = "radio") -> None:
        self._act((within or self.page).get_by_role(role, name=name, exact=True))

    def _act(self, target: Locator) -> None:
        if self.touch:
            target.first.tap()
        else:
            target.first.click()

    def item(self) -> Locator:
        """The one item in large."""
        return self.page.locator("form.one fieldset.item")

    def code(self) -> str:
        return self.page.locator("form.one .item-code").inner_text()

    def next(self) -> None:
        """On to the next item, or to the end of the cycle."""
        title = self.item().locator("h2").element_handle()
        self.press("Next")
        self.page.wait_for_function("(title) => !title.isConnected", arg=title)
        expect(self.page.locator("main h1")).to_have_count(1)

    def wait(self, minutes: int) -> None:
        self.page.clock.fast_forward(f"{minutes:02d}:00")

    def check(self) -> None:
        """The page as shown is sound."""
        # What has scrolled under the header counts as hidden by it.
        self.page.evaluate("scrollTo(0, 0)")
        self.visitor.check()

    # ---- what the phone holds

    def boxes(self) -> dict[str, list[dict[str, Any]]]:
        return self.page.evaluate(IN_BOXES)

    def draft(self) -> dict[str, Any]:
        (draft,) = self.boxes()["drafts"]
        return draft

    # ---- a session

    def begin(self, row: int = 0) -> str:
        """Begin a session in the room of a row; its centre and name, as the form calls it."""
        link = self.page.locator("main section").last.locator(".row-link").nth(row)
        name, centre = link.locator("strong, span").all_inner_texts()[:2]
        self._act(link)
        expect(self.heading(name)).to_be_visible()
        self._act(
            self.page.get_by_role("group", name=self.say("Caregiver")).get_by_role("radio").first
        )
        self.press("Begin")
        expect(self.heading("Cycle %(n)s", n=1)).to_be_visible()
        return f"{centre} · {name}"

    def to_items(self, moment: str) -> None:
        self.choose(self.say(moment), role="checkbox")
        self.press("Go on to the items")
        expect(self.item()).to_be_visible()

    def answer_all(self, step: int) -> int:
        """Give every item from here on the same step; how many there were."""
        count = 0
        while self.item().count():
            self.choose(str(step), self.item())
            count += 1
            self.next()
        return count

    def close(self) -> None:
        self.press("Close the session")
        expect(self.heading("The session is closed")).to_be_visible()

    def send(self) -> dict[str, Any]:
        """The network is back and it goes by itself: what has become of the session."""
        (session,) = (one for one in self.boxes()["outbox"] if one["kind"] == "observation.session")
        self.page.context.set_offline(offline=False)
        expect(self.page.locator("main .notice")).not_to_contain_text(
            self.say("It is kept on this phone and goes by itself as soon as there is a network.")
        )
        return next(one for one in self.boxes()["outbox"] if one["id"] == session["id"])

    def stored(self, id: str) -> dict[str, Any]:  # noqa: A002 — the record's own name
        """What the server has of the session ``id``."""
        code = STORED.format(id=id)
        return json.loads(self.visitor.site.manage("shell", "--verbosity=0", f"--command={code}"))


STORED = """
import json
from observation.models import ObservationSession
session = ObservationSession.objects.get(pk={id!r})
cycles = session.cycles.prefetch_related("ratings__item")
print(json.dumps({{
    "status": session.status,
    "scores": {{
        str(score.domain and score.domain.code): score.score for score in session.scores.all()
    }},
    "cycles": [{{
        "moments": cycle.moments, "minutes": cycle.minutes, "pauses": cycle.pauses,
        "notes": cycle.notes, "context": cycle.context,
        "ratings": {{rating.item.code: [rating.state, rating.value, rating.note]
                    for rating in cycle.ratings.all()}},
    }} for cycle in cycles],
}}))
"""
