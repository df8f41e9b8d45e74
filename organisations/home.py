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
_providers: list[tuple[str, Provider]] = []


def register(permission: str, provider: Provider) -> None:
    """``provider(user)`` yields next steps for those who hold ``permission``; again is harmless."""
    if (permission, provider) not in _providers:
        _providers.append((permission, provider))


def next_steps(user, permissions: set[str]) -> list[NextStep]:
    """What ``user`` should do next, the most pressing first, those without a date last."""
    steps = [step for need, give in _providers if need in permissions for step in give(user)]
    return sorted(steps, key=lambda step: step.due or datetime.date.max)
