"""From bytes to JSON values that any database can keep."""

import json
import math
from typing import Any

from django.utils.translation import gettext as _

from lrs.validation.rules import Malformed

DEEPEST = 64


def parse(body: bytes) -> Any:
    """The JSON in ``body``: UTF-8, no name twice, no NaN, not too deep, no text that breaks."""
    try:
        value = json.loads(
            body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant
        )
    except Malformed:
        raise
    except RecursionError:
        raise Malformed("", _("The body is nested too deeply.")) from None
    except ValueError as error:
        raise Malformed("", _("The body is not JSON: %(reason)s.") % {"reason": error}) from None
    _walk(value)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Malformed(twice, _("This property stands twice."))
    return found


def _no_constant(name: str) -> None:
    raise Malformed("", _("%(name)s is no JSON number.") % {"name": name})


def _walk(value: Any) -> None:
    """Look at everything once, without recursion."""
    todo: list[tuple[Any, str, int]] = [(value, "", 1)]
    while todo:
        thing, where, depth = todo.pop()
        if depth > DEEPEST:
            raise Malformed(where, _("The body is nested too deeply."))
        if isinstance(thing, dict):
            for name, inner in thing.items():
                _text(name, where)
                todo.append((inner, f"{where}.{name}" if where else name, depth + 1))
        elif isinstance(thing, list):
            todo += [(inner, f"{where}[{n}]", depth + 1) for n, inner in enumerate(thing)]
        elif isinstance(thing, str):
            _text(thing, where)
        elif isinstance(thing, float) and not math.isfinite(thing):
            raise Malformed(where, _("This number is too large."))


def _text(text: str, where: str) -> None:
    """PostgreSQL keeps no null character, and half a surrogate pair is no text at all."""
    if "\x00" in text:
        raise Malformed(where, _("The null character is not allowed in text."))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Malformed(where, _("Half a surrogate pair is not text.")) from None
