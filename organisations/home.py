"""The signed-in home page: apps add what a person should do next, in ``AppConfig.ready``."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class NextStep:
    """One thing to do next: where, what, by when, and the strand it belongs to."""

    text: str | Promise
    url: str
    action: str | Promise
    strand: str = ""
    due: datetime.date | None = None
    detail: str | Promise = ""


Provider = Callable[..., Iterable[NextStep]]
_providers: list[tuple[int, str, Provider]] = []


def register(permission: str, provider: Provider, order: int = 50) -> None:
    """``provider(user)`` yields next steps for those who hold ``permission``; again is harmless.

    What protects children stands first (10), then what others have left undone (20, 30), one's
    own work by its day (50), and what may wait (90).
    """
    if (order, permission, provider) not in _providers:
        _providers.append((order, permission, provider))


def next_steps(user, permissions: set[str]) -> list[NextStep]:
    """What ``user`` should do next, the most pressing first: by order, then by day."""
    steps = [
        (order, step.due or datetime.date.max, step)
        for order, need, give in _providers
        if need in permissions
        for step in give(user)
    ]
    return [step for _order, _due, step in sorted(steps, key=lambda each: each[:2])]
