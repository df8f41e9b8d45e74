"""A record that a phone sent and that does not count yet: seen, compared, decided."""

import hashlib
import uuid

import pytest

from tests.factories.field import DEVICE, canonical

pytestmark = pytest.mark.journey


def session(agenda: dict, value: int) -> dict:
    """A session in the first room of the agenda, for the caregiver there, with one cycle."""
    room = next(room for room in agenda["rooms"] if room["caregivers"])
    checklist = agenda["instruments"][0]
    scored = [item["code"] for item in checklist["content"]["items"] if item["kind"] == "scored"]
    return {
        "room": room["code"],
        "caregiver": room["caregivers"][0]["id"],
        "purpose": "formative",
        "observed_on": agenda["day"],
        "age_group": room["age_group"],
        "instrument": {name: checklist[name] for name in ("code", "version", "hash")},
        "appointment": "",
        "leave_missing": True,
        "cycles": [
            {
                "number": 1,
                "moments": ["ALI"],
                "started_at": "10:00:00",
                "ended_at": "10:18:00",
                "ratings": {code: {"state": "scored", "value": value} for code in scored},
            }
        ],
    }


def send(visitor, content: dict, number: str) -> int:
    """Send ``content`` as the phone of who is signed in; the status of the answer."""
    site, ask = visitor.site.url, visitor.page.request
    me = ask.get(f"{site}/api/field/me/").json()
    record = {
        "kind": "observation.session",
        "id": number,
        "by": me["id"],
        "device": DEVICE,
        "made_at": me["now"],
        "closed_at": me["now"],
        "content": content,
    }
    body = canonical(record)
    headers = {
        "Content-Type": "application/json",
        "X-CSRFToken": me["csrf"],
        "X-Content-SHA256": hashlib.sha256(body).hexdigest(),
    }
    path = f"{site}/api/field/records/observation.session/{number}/"
    return ask.put(path, data=body, headers=headers).status


@pytest.mark.parametrize("language", ["es", "en"])
def test_coordinator_decides_about_what_a_phone_sent(language, visit):
    mentor = visit(language)
    mentor.sign_in("mentor")
    ask = mentor.page.request
    told = ask.get(f"{mentor.site.url}/api/field/agenda/").json()
    agenda = told["observation"] | {"day": told["made_at"][:10]}
    number = str(uuid.uuid4())
    assert send(mentor, session(agenda, 2), number) == 201  # held: one cycle is too few
    assert send(mentor, session(agenda, 1), number) == 409

    coordinator = visit(language)
    page = coordinator.sign_in("national")
    coordinator.follow("See what is held")
    coordinator.reads("Records that are held")
    with page.expect_navigation():
        page.get_by_role("table").get_by_role("link").last.click()
    coordinator.check()
    assert page.locator("mark").count() > 10
    page.get_by_role("radio").last.check()
    coordinator.field("Why").fill("Typed twice.")
    coordinator.press("Decide")
    coordinator.go("/campo/retenidos/?set_aside")
    coordinator.check()

    state = ask.get(f"{mentor.site.url}/api/field/records/observation.session/{number}/").json()
    assert (state["state"], state["reason"]) == ("refused", "Typed twice.")
