"""What a program may be allowed to read with a person's token: apps add theirs in ``ready``.

A scope only narrows: the program never sees more than the person herself.
"""

from django.utils.functional import Promise

_scopes: dict[str, str | Promise] = {}


def register(name: str, sentence: str | Promise) -> None:
    """Offer the scope ``name`` ("app.read"); again is harmless."""
    _scopes[name] = sentence


def choices() -> list[tuple[str, str | Promise]]:
    """All scopes with their sentences, by name."""
    return sorted(_scopes.items(), key=lambda pair: pair[0])
