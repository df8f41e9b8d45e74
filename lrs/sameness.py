"""When two statements are the same one: xAPI 1.0.3, Part Two, 2.3.1; 2.0, 4.2.3."""

import hashlib
import re
from decimal import Decimal
from typing import Any

import simplejson

from lrs.validation.rules import moment

# What a store assigns, a client may leave out
ASSIGNED = {"id", "stored", "authority", "version", "timestamp"}
# 2.0, 4.2.7: what lies below a hundredth of a second is not compared
BELOW_HUNDREDTH = re.compile(r"(\.\d\d)\d+(?=S)")
ALL_ZEROS = re.compile(r"\.0*(?=S)|(?<=\.\d)0(?=S)")


def fingerprint(statement: dict[str, Any]) -> str:
    """SHA-256 of what makes a valid statement itself."""
    own = {name: value for name, value in statement.items() if name not in ASSIGNED}
    text = simplejson.dumps(_plain(_essence(own)), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _essence(statement: dict[str, Any]) -> dict[str, Any]:
    """Without labels and definitions, lists without order sorted, one way of writing each value."""
    same = statement | {
        "actor": _agent(statement["actor"]),
        "verb": {"id": statement["verb"]["id"]},
        "object": _object(statement["object"]),
    }
    if "timestamp" in statement:  # of a sub-statement
        same["timestamp"] = moment(statement["timestamp"], "timestamp").isoformat()
    if "context" in statement:
        same["context"] = _context(statement["context"])
    if "duration" in statement.get("result", {}):
        cut = BELOW_HUNDREDTH.sub(r"\1", statement["result"]["duration"])
        same["result"] = statement["result"] | {"duration": ALL_ZEROS.sub("", cut)}
    return same


def _object(thing: dict[str, Any]) -> dict[str, Any]:
    kind = thing.get("objectType", "Activity")
    if kind == "SubStatement":
        return _essence(thing)
    if kind == "StatementRef":
        return thing | {"id": thing["id"].lower()}
    return _activity(thing) if kind == "Activity" else _agent(thing)


def _activity(activity: dict[str, Any]) -> dict[str, Any]:
    return {"id": activity["id"]}


def _agent(agent: dict[str, Any]) -> dict[str, Any]:
    if "member" not in agent:
        return agent
    return agent | {"member": sorted(agent["member"], key=_text)}


def _context(context: dict[str, Any]) -> dict[str, Any]:
    same = dict(context)
    for name in ("instructor", "team"):
        if name in context:
            same[name] = _agent(context[name])
    if "registration" in context:
        same["registration"] = context["registration"].lower()
    if "statement" in context:
        same["statement"] = _object(context["statement"])
    same["contextActivities"] = {
        name: [_activity(one) for one in (some if isinstance(some, list) else [some])]
        for name, some in context.get("contextActivities", {}).items()
    }
    return same


def _plain(value: Any) -> Any:
    """Equal numbers written alike: 1, 1.0 and 1e0."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return value
    sign, digits, exponent = Decimal(str(value)).as_tuple()
    written = "".join(map(str, digits)).lstrip("0")
    kept = written.rstrip("0")
    if not kept:
        return 0
    return simplejson.RawJSON(f"{'-' * sign}{kept}E{int(exponent) + len(written) - len(kept)}")


def _text(value: Any) -> str:
    return simplejson.dumps(value, sort_keys=True)
