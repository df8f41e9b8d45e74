"""Whether a place may be compared with others: the app above says so, in ``AppConfig.ready``.

A comparison rests on whether the score tells centres apart at all, which only an analysis knows.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Verdict:
    """Whether comparing is allowed, and why, in a sentence."""

    allowed: bool
    because: str


Provider = Callable[..., Verdict]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """``provider(region, version)`` gives the verdict; again is harmless."""
    if provider not in _providers:
        _providers.append(provider)


def verdict(region, version) -> Verdict:
    """Whether scores of ``version`` may compare centres of ``region``: no unless all say yes."""
    found = [judge(region, version) for judge in _providers]
    if not found:
        return Verdict(
            False,
            _("nobody has examined yet whether this score tells centres apart."),
        )
    return next((one for one in found if not one.allowed), found[0])
