"""Under which keys a statement is found: xAPI 1.0.3, Part Three, 2.1.3; 2.0, 4.1.6.1."""

from collections.abc import Iterable, Iterator
from typing import Any

from lrs import keys


def of_statement(statement: dict[str, Any]) -> set[bytes]:
    """All keys of a valid statement that has its authority."""
    verb = keys.of_verb(statement["verb"]["id"])
    found = {verb}
    for agent in _keys(_direct_agents(statement)):
        found |= {agent, keys.both(agent, verb)}
    found |= {keys.related(agent) for agent in _keys(agents(statement))}
    if (thing := statement["object"]).get("objectType", "Activity") == "Activity":
        found.add(keys.of_activity(thing["id"]))
    found |= {keys.related(keys.of_activity(one["id"])) for one in activities(statement)}
    if registration := statement.get("context", {}).get("registration"):
        found.add(keys.of_registration(registration))
    return found


def _direct_agents(statement: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from _with_members(statement["actor"])
    if statement["object"].get("objectType") in {"Agent", "Group"}:
        yield from _with_members(statement["object"])


def agents(statement: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every agent and group in a statement, and the members of groups."""
    yield from _direct_agents(statement)
    context = statement.get("context", {})
    for one in (statement.get("authority"), context.get("instructor"), context.get("team")):
        if one:
            yield from _with_members(one)
    for related in context.get("contextAgents", ()):
        yield from _with_members(related["agent"])
    for related in context.get("contextGroups", ()):
        yield from _with_members(related["group"])
    if statement["object"].get("objectType") == "SubStatement":
        yield from agents(statement["object"])


def _with_members(one: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield one
    yield from one.get("member", ())


def _keys(some: Iterable[dict[str, Any]]) -> set[bytes]:
    return {keys.of_agent(one) for one in some} - {b""}


def activities(statement: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every activity in a statement, each as it stands there."""
    thing = statement["object"]
    kind = thing.get("objectType", "Activity")
    if kind == "Activity":
        yield thing
    elif kind == "SubStatement":
        yield from activities(thing)
    for some in statement.get("context", {}).get("contextActivities", {}).values():
        yield from some if isinstance(some, list) else [some]
