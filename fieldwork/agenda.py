"""What a phone takes along: apps register their part of the agenda in ``AppConfig.ready``."""

from collections.abc import Callable
from typing import Any

Provider = Callable[..., dict[str, Any]]
_providers: dict[str, Provider] = {}


def register(app: str, provider: Provider) -> None:
    """``provider(user)`` is the part of ``app``: as little as the work needs; again is harmless.

    It stays on a phone that may be lost, so nothing in it names a child, and each part is bounded.
    """
    _providers[app] = provider


def of(user) -> dict[str, dict[str, Any]]:
    """The agenda of ``user`` by app."""
    return {app: provider(user) for app, provider in sorted(_providers.items())}
