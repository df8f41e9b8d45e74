"""Where a closed session leads: apps above add links for its reader, in ``AppConfig.ready``."""

from collections.abc import Callable, Iterable

Link = tuple[str, str]  # the words of a button, its address
Provider = Callable[..., Iterable[Link]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """``provider(session, user)`` yields links; again is harmless."""
    if provider not in _providers:
        _providers.append(provider)


def of(session, user) -> list[Link]:
    """Where ``user`` may go on from ``session``, the most fitting first."""
    return [link for give in _providers for link in give(session, user)]
