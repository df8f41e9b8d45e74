"""How actors, verbs and objects are found again: one short text for each."""

import hashlib
from typing import Any

IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
LONGEST = 400  # an IRI has no limit; a column and its index have


def of_iri(iri: str) -> str:
    """The IRI itself, or its hash where it is too long for an index."""
    if len(iri) <= LONGEST:
        return iri
    return f"sha256 {hashlib.sha256(iri.encode()).hexdigest()}"


def of_agent(agent: dict[str, Any]) -> str:
    """The identifier of an agent or identified group; an anonymous group has none: empty."""
    if "account" in agent:
        return of_iri(f"account {agent['account']['homePage']} {agent['account']['name']}")
    for name in IDENTIFIERS[:3]:
        if name in agent:
            return of_iri(f"{name} {agent[name]}")
    return ""


def of_object(thing: dict[str, Any]) -> str:
    """An activity's IRI, an agent's key, a referred statement's id; a sub-statement: empty."""
    kind = thing.get("objectType", "Activity")
    if kind == "Activity":
        return of_iri(thing["id"])
    if kind in {"Agent", "Group"}:
        return of_agent(thing)
    if kind == "StatementRef":
        return f"statement {thing['id'].lower()}"
    return ""
