"""What a program sends: read as JSON values that any database can keep, or read away."""

import decimal
import json
import math
from typing import Any

from django.utils.translation import gettext as _

DEEPEST = 64


class Malformed(ValueError):  # noqa: N818 — the sender is wrong, as with a Refusal
    """What came cannot be used; ``where`` names the property ("actor.account.name")."""

    def __init__(self, where: str, sentence: str):
        super().__init__(sentence)
        self.where = where


def parse(body: bytes, *, exact: bool = False) -> Any:
    """The JSON in ``body``: UTF-8, no name twice, no NaN, not too deep, no text that breaks.

    ``exact`` keeps fractions as decimals, digit by digit (1.0 stays 1.0).
    """
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_no_constant,
            parse_float=decimal.Decimal if exact else float,
        )
    except Malformed:
        raise
    except decimal.InvalidOperation:
        raise Malformed("", _("This number is too large.")) from None
    except RecursionError:
        raise Malformed("", _("The body is nested too deeply.")) from None
    except ValueError as error:
        raise Malformed("", _("The body is not JSON: %(reason)s.") % {"reason": error}) from None
    _walk(value)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Malformed(name, _("This property stands twice."))
        found[name] = value
    return found


def _no_constant(name: str) -> None:
    raise Malformed("", _("%(name)s is no JSON number.") % {"name": name})


def _walk(value: Any, *steps: str | int) -> None:
    """Look at everything once; ``steps`` lead here, names and numbers in lists.

    They are put in words only to refuse: a text for each element of a long list below a long name
    would fill the memory.
    """
    if len(steps) >= DEEPEST:
        raise Malformed(_where(steps), _("The body is nested too deeply."))
    if isinstance(value, dict):
        for name, inner in value.items():
            _text(name, steps)
            _walk(inner, *steps, name)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            _walk(inner, *steps, number)
    elif isinstance(value, str):
        _text(value, steps)
    elif isinstance(value, float | decimal.Decimal) and not math.isfinite(value):
        raise Malformed(_where(steps), _("This number is too large."))


def _text(text: str, steps: tuple[str | int, ...]) -> None:
    """PostgreSQL keeps no null character, and half a surrogate pair is no text at all."""
    if "\x00" in text:
        raise Malformed(_where(steps), _("The null character is not allowed in text."))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Malformed(_where(steps), _("Half a surrogate pair is not text.")) from None


def _where(steps: tuple[str | int, ...]) -> str:
    """The place as the other rules write it: ``[0].actor.name``."""
    words = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return "".join(words).removeprefix(".")


def read_away(request, most: int = 32 * 1024 * 1024, chunk: int = 64 * 1024) -> None:
    """Read and drop a refused body: a client still writing to a closed line sees no answer."""
    for _nth in range(most // chunk):
        if not request.read(chunk):
            return
