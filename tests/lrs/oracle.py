"""Which statements a search finds, told by looking at each: xAPI 1.0.3, Part Three, 2.1.3.

Written from the specification alone, so that it shares no mistake with the store.
"""

from collections.abc import Iterator
from typing import Any

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")


def found(everything: list[dict[str, Any]], asked: dict[str, Any]) -> list[str]:
    """Ids of what ``asked`` finds among ``everything``, which is in the order of storing.

    Statements have their ``authority``; ``since`` and ``until`` are places in that order.
    """
    by_id = {one["id"]: one for one in everything}
    first, last = asked.get("since", -1), asked.get("until", len(everything))
    ids = [
        one["id"]
        for place, one in enumerate(everything)
        if first < place <= last
        and not voided(one, everything)
        and any(matches(target, asked) for target in chain(one, by_id))
    ]
    return ids if asked.get("ascending") else ids[::-1]


def voided(one: dict[str, Any], everything: list[dict[str, Any]]) -> bool:
    """Some voiding statement names it; one that voids cannot itself be voided."""
    if one["verb"]["id"] == VOIDED:
        return False
    return any(
        other["verb"]["id"] == VOIDED and other["object"]["id"] == one["id"] for other in everything
    )


def chain(one: dict[str, Any], by_id: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The statement, the one that it is about, the one that this is about."""
    seen = set()
    following: dict[str, Any] | None = one
    while following and following["id"] not in seen:
        yield following
        seen.add(following["id"])
        thing = following["object"]
        refers = thing.get("objectType") == "StatementRef"
        following = by_id.get(thing["id"]) if refers else None


def matches(one: dict[str, Any], asked: dict[str, Any]) -> bool:
    """Whether all that was asked for holds for this one statement by itself."""
    wide_agents, wide = asked.get("related_agents"), asked.get("related_activities")
    return (
        ("verb" not in asked or one["verb"]["id"] == asked["verb"])
        and (
            "registration" not in asked
            or one.get("context", {}).get("registration") == asked["registration"]
        )
        and (
            "agent" not in asked
            or any(
                is_or_holds(who, asked["agent"])
                for who in (related_agents(one) if wide_agents else actor_and_object(one))
            )
        )
        and (
            "activity" not in asked
            or asked["activity"] in (related_activities(one) if wide else own_activity(one))
        )
    )


def is_or_holds(who: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """An agent or group with this identifier, or a group with such a member."""
    same = any(name in wanted and who.get(name) == wanted[name] for name in IDENTIFIERS)
    return same or any(is_or_holds(member, wanted) for member in who.get("member", []))


def actor_and_object(one: dict[str, Any]) -> list[dict[str, Any]]:
    thing = one["object"]
    return [one["actor"]] + ([thing] if thing.get("objectType") in ("Agent", "Group") else [])


def related_agents(one: dict[str, Any]) -> list[dict[str, Any]]:
    """Actor, object, authority, instructor, team, context agents and groups; of the inner too."""
    context = one.get("context", {})
    some = actor_and_object(one)
    some += [one["authority"]] if "authority" in one else []
    some += [context[name] for name in ("instructor", "team") if name in context]
    some += [each["agent"] for each in context.get("contextAgents", [])]
    some += [each["group"] for each in context.get("contextGroups", [])]
    inner = one["object"]
    return some + (related_agents(inner) if inner.get("objectType") == "SubStatement" else [])


def own_activity(one: dict[str, Any]) -> list[str]:
    thing = one["object"]
    return [thing["id"]] if thing.get("objectType", "Activity") == "Activity" else []


def related_activities(one: dict[str, Any]) -> list[str]:
    """The object and all context activities; of the inner statement too."""
    some = own_activity(one)
    for listed in one.get("context", {}).get("contextActivities", {}).values():
        some += [each["id"] for each in (listed if isinstance(listed, list) else [listed])]
    inner = one["object"]
    return some + (related_activities(inner) if inner.get("objectType") == "SubStatement" else [])
