"""The table of all routes: who may come in. Each app has a module here with its ROUTES.

A new route needs its line: the test in tests/test_jurisdiction.py fails until it has one.
"""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module

from tests.factories.organisations import Region

PUBLIC = "public"  # anybody
SIGNED_IN = "signed in"  # whoever has an account
BY_KEY = "by key"  # whoever brings the right key, password or link; nobody by her session alone


@dataclass(frozen=True)
class Route:
    """Who may come in (``PUBLIC``, ``SIGNED_IN``, ``BY_KEY`` or a permission), and with what.

    ``arguments`` makes an object in a region and returns the route's keyword arguments; ``words``
    are arguments that name no object, the same for everybody.
    ``fill`` makes rows in a region that a list must show to those of the region alone.
    ``shared``: the object is the same for everyone, so that a neighbour may see it too.
    ``refused`` names roles that hold the permission and are refused all the same, with the reason.
    """

    to: str
    methods: tuple[str, ...] = ("get",)
    arguments: Callable[[Region], dict] | None = None
    words: dict[str, str] = field(default_factory=dict)
    fill: Callable[[Region], object] | None = None
    shared: bool = False
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def permission(self) -> str:
        """The permission that the route asks for, or nothing."""
        return self.to if self.to not in (PUBLIC, SIGNED_IN, BY_KEY) else ""


def table() -> dict[str, Route]:
    """All routes by name ("namespace:name")."""
    routes: dict[str, Route] = {}
    for module in pkgutil.iter_modules(__path__):
        for name, route in import_module(f"{__name__}.{module.name}").ROUTES.items():
            if name in routes:
                raise ValueError(f"The route {name} stands twice in tests/routes/.")
            routes[name] = route
    return routes
