"""Every route of the house, tried by everybody: anonymous, each role, and the neighbour.

The table is in tests/routes/. "Here" is a region with rows; the neighbour has the same roles in
another region and must not find them.
"""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse

from organisations.enums import Reach
from organisations.roles import ROLES, RoleCode
from tests.factories import organisations as make
from tests.routes import BY_KEY, PUBLIC, SIGNED_IN, Route, table

ROUTES = table()
EDITOR = settings.EDITOR_URL.lstrip("/")
# Of the editor, what somebody must reach who is not signed in.
EDITOR_FOR_ANYBODY = re.compile(r"login/|logout/|password_reset/|jsi18n/|sprite/")
REFUSED = (401, 403, 404)
SIGN_IN = "allauth.account.auth_backends.AuthenticationBackend"
LOCAL = {
    RoleCode.REGIONAL: lambda place: place.region,
    RoleCode.ZONAL: lambda place: place.zone,
    RoleCode.DIRECTOR: lambda place: place.centre,
    RoleCode.MENTOR: lambda place: place.centre,
    RoleCode.CAREGIVER: lambda place: place.rooms[0],
}


def patterns(resolver, prefix="", spaces=()) -> Iterator[tuple[str, str]]:
    """(name with namespaces, pattern) of all routes below ``resolver``."""
    for one in resolver.url_patterns:
        if hasattr(one, "url_patterns"):
            inner = (*spaces, one.namespace) if one.namespace else spaces
            yield from patterns(one, prefix + str(one.pattern), inner)
        else:
            pattern = prefix + str(one.pattern)
            yield ":".join((*spaces, one.name)) if one.name else pattern, pattern


def routes() -> dict[str, str]:
    return {name: at for name, at in patterns(get_resolver()) if not at.startswith(EDITOR)}


def editor_addresses() -> list[str]:
    """An address for each pattern of the editor, with 1 or "x" where it takes something."""
    found = []
    for _name, pattern in patterns(get_resolver()):
        if pattern.startswith(EDITOR):
            path = re.sub(r"<int:\w+>|\(\\d\+\)|\(\?P<\w+>\\d\+\)", "1", pattern)
            path = re.sub(r"<(\w+:)?\w+>|\(\?P<\w+>[^)]*\)|\([^)]*\)", "x", path)
            found.append("/" + re.sub(r"[\^$?\\]|\[.*?\][*+]?", "", path))
    return sorted(set(found))


def client(user=None) -> Client:
    browser = Client(raise_request_exception=False)
    if user:
        browser.force_login(user, SIGN_IN)
    return browser


def address(name: str, place) -> str:
    arguments = ROUTES[name].arguments(place) if ROUTES[name].arguments else ROUTES[name].words
    if "args" in arguments:
        return reverse(name, args=arguments["args"])
    return reverse(name, kwargs=arguments)


def unit_of(role: str, country, place):
    return LOCAL[role](place) if role in LOCAL else country.country


def asked(browser: Client, route: Route, path: str) -> Iterator[tuple[str, object]]:
    """The route's methods with an empty body, and what came of each; never a broken page."""
    for method in route.methods:
        answer = getattr(browser, method)(path)
        assert answer.status_code < 500, f"{method} {path} broke: {answer.status_code}"
        yield method, answer


def to_sign_in(answer) -> bool:
    """Whether ``answer`` sends the person to the page where one signs in or confirms who she is."""
    return answer.status_code == 302 and answer.url.startswith(reverse("account_login"))


def test_routes_are_all_in_the_table():
    missing = sorted(set(routes()) - set(ROUTES))

    assert missing == [], (
        "Nobody has said who may use these routes. Give each a line in tests/routes/<app>.py: "
        'ROUTES = {"<name>": Route("<permission>", methods=("get", "post"), arguments=…)}'
    )


def test_table_names_no_route_that_is_gone():
    assert sorted(set(ROUTES) - set(routes())) == []


def test_table_asks_for_permissions_that_exist():
    held = {name for role in ROLES.values() for name in role.permissions}

    assert {route.permission for route in ROUTES.values() if route.permission} <= held


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_route_as_anonymous(name, country):
    route = ROUTES[name]
    path = address(name, country.here)

    for method, answer in asked(client(), route, path):
        if route.to != PUBLIC:
            assert to_sign_in(answer) or answer.status_code in REFUSED, (
                f"anonymous, {method} {path}: {answer.status_code}"
            )


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_route_as_each_role(name, country):
    route = ROUTES[name]
    path = address(name, country.here)
    # Those who may not come in go first: what the others do may change the object.
    may = {role: reach(role, route) for role in ROLES}
    for role in sorted(ROLES, key=lambda code: may[code] is not None):
        person = make.person(role, unit_of(role, country, country.here))
        for method, answer in asked(client(person), route, path):
            where = f"{role}, {method} {path}: {answer.status_code}"
            if route.permission:
                assert not to_sign_in(answer), where
            if may[role] is None:
                assert answer.status_code in (*REFUSED, *ruled(route, role, method)), where
            elif may[role] == Reach.BELOW and method == "get":
                assert answer.status_code not in REFUSED, where


def ruled(route: Route, role: str, method: str) -> tuple[int, ...]:
    """How a rule, rather than the lack of a permission, says no; a form may complain first."""
    if role not in route.refused:
        return ()
    return (409,) if method == "get" else (200, 400, 409)


def reach(role: str, route: Route) -> Reach | None:
    """With which reach ``role`` may use ``route``; None where she may not."""
    if route.to in (PUBLIC, SIGNED_IN):
        return Reach.OWN  # no statement about what she finds there
    if route.to == BY_KEY or role in route.refused:
        return None
    return ROLES[role].permissions.get(route.permission)


@pytest.mark.parametrize("name", sorted(name for name in ROUTES if ROUTES[name].permission))
def test_route_as_neighbour_of_another_region(name, country):
    route = ROUTES[name]
    if route.fill:
        route.fill(country.here)
    path = address(name, country.here)
    for role, place in LOCAL.items():
        if route.permission not in ROLES[role].permissions:
            continue  # refused anywhere, as the test above has seen
        neighbour = make.person(role, place(country.elsewhere))
        for method, answer in asked(client(neighbour), route, path):
            where = f"{role}, {method} {path}: {answer.status_code}"
            if route.arguments and not route.shared:
                assert answer.status_code in REFUSED, where
            assert not to_sign_in(answer), where
            # The page may repeat the address that the neighbour herself has written.
            assert country.here.region.code not in body(answer).replace(path, ""), where


def body(answer) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    return content.decode("utf-8", errors="replace").lower()


@pytest.mark.parametrize("name", sorted(name for name in ROUTES if ROUTES[name].fill))
def test_list_shows_to_its_own_region_what_it_hides_from_the_neighbour(name, country):
    route = ROUTES[name]
    route.fill(country.here)
    head = make.person(RoleCode.REGIONAL, country.here.region)

    if route.permission in ROLES[RoleCode.REGIONAL].permissions:
        answer = client(head).get(address(name, country.here))
        assert country.here.region.code in body(answer)


@pytest.mark.parametrize("path", editor_addresses())
def test_editor_is_closed_to_anonymous_and_to_roles_that_do_not_edit(path, country):
    director = make.person(RoleCode.DIRECTOR, country.here.centre)

    for browser in (client(), client(director)):
        answer = browser.get(path)
        assert answer.status_code < 500
        if not EDITOR_FOR_ANYBODY.search(path):
            assert answer.status_code in (302, 401, 403, 404, 405)
