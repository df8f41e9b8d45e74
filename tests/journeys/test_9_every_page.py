"""Every page of observation, the held records and the data interface that a role may open."""

import os
import re
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

from tests.journeys.conftest import DESKTOP, PHONE, Visitor

pytestmark = pytest.mark.journey

ROLES = [
    *("national", "regional", "zonal", "director", "mentor", "caregiver"),
    *("evaluator", "protection"),
]
AREAS = re.compile(r"/(observacion|campo|certificados|api)/")
# What the browser hands over instead of showing.
FILES = re.compile(r"\.(pdf|csv|json|xlsx|zip|xml)$|/archivos/")
OFFLINE = {"field:page"}  # the recorder has journeys of its own


def links(page) -> list[str]:
    """Addresses on the page, within the site, without their fragments."""
    found = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    return [path.split("#")[0] for path in found if path.startswith("/")]


def walk(visitor: Visitor, on_page) -> dict[str, str]:
    """Visit one page of each route that links lead to; the address visited, by route."""
    waiting, seen = links(visitor.page), {}
    while waiting:
        path = waiting.pop(0)
        bare = path.split("?")[0]
        try:
            name = resolve(bare).view_name
        except Resolver404:
            continue
        if not AREAS.match(bare) or name in seen or name in OFFLINE:
            continue
        seen[name] = path
        answer = visitor.page.request.get(visitor.site.url + path)
        assert answer.status == 200, f"{path} ({name}): {answer.status}"
        if "text/html" not in answer.headers["content-type"]:
            continue
        visitor.go(path)
        on_page(name)
        waiting += links(visitor.page)
    return seen
