"""Every page of observation, held records, record store and data interface for each role."""

import re
from collections.abc import Iterator

import pytest
from django.urls import Resolver404, resolve

from tests.journeys.conftest import DESKTOP, Visitor

pytestmark = pytest.mark.journey

# How many routes a role reaches at least: fewer, and a page has lost the link to it.
ROUTES = {
    "national": 53,
    "regional": 32,
    "zonal": 32,
    "director": 14,
    "mentor": 27,
    "caregiver": 7,
    "evaluator": 7,
    "protection": 2,
}
AREAS = re.compile(r"/(observacion|campo|certificados|registros|api)/")
# What the browser hands over instead of showing.
FILE = re.compile(r"\.\w+$|^/api/schema/$")
# The page that works without network has journeys of its own.
ELSEWHERE = {"field:page"}


def links(visitor: Visitor) -> list[str]:
    """Addresses of this site that the page links to."""
    found = visitor.page.locator("a[href^='/']").evaluate_all(
        "links => links.map((link) => link.getAttribute('href').split('#')[0])"
    )
    return list(dict.fromkeys(found))


def routes(visitor: Visitor) -> Iterator[tuple[str, str]]:
    """(route, path) of each route in ``AREAS`` that links lead to, the first path of each.

    Whoever asks opens the page before asking for the next one: its links are followed too.
    """
    waiting, seen = links(visitor), set(ELSEWHERE)
    while waiting:
        path = waiting.pop(0)
        bare = path.split("?")[0]
        if not AREAS.match(bare):
            continue
        try:
            name = resolve(bare).view_name
        except Resolver404:
            raise AssertionError(f"{visitor.page.url} links to {path}: no page is there") from None
        if name not in seen:
            seen.add(name)
            yield name, path
            if not FILE.search(bare):
                waiting += links(visitor)


def walk(visitor: Visitor) -> list[str]:
    """Open each page and check it, load each file; the names of the routes."""
    walked = []
    for name, path in routes(visitor):
        walked.append(name)
        if FILE.search(path.split("?")[0]):
            visitor.fetch(path)
            continue
        page = visitor.go(path)
        assert page.locator("html").get_attribute("lang") == visitor.language, path
        assert page.locator("h1").count() == 1, path
        visitor.check()
    return walked


@pytest.mark.parametrize("role", ROUTES)
def test_every_page_that_a_role_may_open_is_sound_on_a_phone(role, visit):
    visitor = visit("es")
    visitor.sign_in(role)

    walked = walk(visitor)

    assert len(walked) >= ROUTES[role], walked


def test_every_page_of_the_national_coordinator_is_sound_in_english(visit):
    visitor = visit("en", DESKTOP)
    visitor.sign_in("national")

    walked = walk(visitor)

    assert len(walked) >= ROUTES["national"], walked
