"""How actors, verbs, activities and registrations are found again: sixteen bytes for each.

A hash needs no table of names that writers would queue at, and no column as long as an IRI may be.
128 bits: no two of 10^12 names meet, and nobody finds two that do.
"""

import hashlib
from typing import Any

IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
LONGEST = 400  # an IRI has no limit; a column has


def key(kind: str, *names: str | bytes) -> bytes:
    """The key of what ``names`` name, as a ``kind`` of thing."""
    hashed = hashlib.sha256(kind.encode())
    for name in names:
        written = name if isinstance(name, bytes) else name.encode()
        hashed.update(b"\0%d\0" % len(written))
        hashed.update(written)
    return hashed.digest()[:16]


def identifier(agent: dict[str, Any]) -> tuple[str, ...]:
    """("mbox", "mailto:…"), ("account", home page, name); an anonymous group has none: empty."""
    if "account" in agent:
        return "account", agent["account"]["homePage"], agent["account"]["name"]
    for name in IDENTIFIERS[:3]:
        if name in agent:
            value = agent[name]
            return name, value.lower() if name == "mbox_sha1sum" else value
    return ()


def of_agent(agent: dict[str, Any]) -> bytes:
    """The key of an agent or identified group; of an anonymous group: empty."""
    names = identifier(agent)
    return key("agent", *names) if names else b""


def of_verb(iri: str) -> bytes:
    return key("verb", iri)


def of_activity(iri: str) -> bytes:
    return key("activity", iri)


def of_registration(text: str) -> bytes:
    return key("registration", text.lower())


def related(one: bytes) -> bytes:
    """Under which a statement is found that has ``one`` anywhere, not just in first place."""
    return key("related", one)


def both(one: bytes, other: bytes) -> bytes:
    """Under which a statement is found that has ``one`` as well as ``other``."""
    return key("both", one, other)


def readable(iri: str) -> str:
    """The IRI itself, or its hash where it is too long for a column."""
    if len(iri) <= LONGEST:
        return iri
    return f"sha256 {hashlib.sha256(iri.encode()).hexdigest()}"


def readable_object(thing: dict[str, Any]) -> str:
    """An activity's IRI, an agent's identifier, a referred statement's id, "sub-statement"."""
    kind = thing.get("objectType", "Activity")
    if kind == "Activity":
        return readable(thing["id"])
    if kind in {"Agent", "Group"}:
        # Not who it is: this column outlives an erasure.
        return kind.lower()
    return f"statement {thing['id'].lower()}" if kind == "StatementRef" else "sub-statement"
