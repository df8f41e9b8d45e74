"""What the house keeps about a person, for herself: apps add their part in ``AppConfig.ready``."""

from collections.abc import Callable
from typing import Any

Provider = Callable[..., Any]
_providers: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    """``provider(user)`` returns what JSON can hold; it appears as ``name``; again is harmless."""
    _providers[name] = provider


def of(user) -> dict[str, Any]:
    """Everything registered about ``user``, by name."""
    return {name: provider(user) for name, provider in sorted(_providers.items())}
