"""The parts of a statement, after xAPI 1.0.3 and 2.0, Part Two (Data)."""

from typing import Any

from django.utils.translation import gettext as _

from core.bodies import Malformed
from lrs.keys import IDENTIFIERS, identifier
from lrs.validation import rules
from lrs.validation.rules import each, one_of, shaped

VOIDED = "http://adlnet.gov/expapi/verbs/voided"

account = shaped({"homePage": rules.iri, "name": rules.text}, ("homePage", "name"))
AGENT = {
    "objectType": one_of("Agent", "Group"),
    "name": rules.text,
    "mbox": rules.mailto,
    "mbox_sha1sum": rules.sha1,
    "openid": rules.iri,
    "account": account,
}


def check_agent(value: Any, where: str) -> None:
    """2.4.2.1: an agent has exactly one identifier."""
    rules.record(value, where, AGENT)
    if value.get("objectType", "Agent") != "Agent":
        raise Malformed(f"{where}.objectType", _("This must be an Agent."))
    if sum(name in value for name in IDENTIFIERS) != 1:
        raise Malformed(
            where,
            _("Give exactly one identifier: mbox, mbox_sha1sum, openid or account."),
        )


def check_group(value: Any, where: str) -> None:
    """2.4.2.2: a group has at most one identifier, and without one it lists its members."""
    rules.record(value, where, AGENT | {"member": each(check_agent)}, ("objectType",))
    if value["objectType"] != "Group":
        raise Malformed(f"{where}.objectType", _("This must be a Group."))
    found = sum(name in value for name in IDENTIFIERS)
    if found > 1:
        raise Malformed(where, _("Give at most one identifier."))
    if found == 0 and not value.get("member"):
        raise Malformed(f"{where}.member", _("A group without identifier lists its members."))


def check_actor(value: Any, where: str) -> None:
    """2.4.2: an agent or a group."""
    rules.mapping(value, where)
    check = check_group if value.get("objectType") == "Group" else check_agent
    check(value, where)


def check_authority(value: Any, where: str) -> None:
    """2.4.9: an agent, or a client and its person: a group of two without an identifier."""
    check_actor(value, where)
    if "member" in value and (len(value["member"]) != 2 or identifier(value)):
        raise Malformed(where, _("This must be an agent, or a group of two without identifier."))


verb = shaped({"id": rules.iri, "display": rules.language_map}, ("id",))
component = shaped({"id": rules.text, "description": rules.language_map}, ("id",))
INTERACTIONS = [
    "true-false",
    "choice",
    "fill-in",
    "long-fill-in",
    "matching",
    "performance",
    "sequencing",
    "likert",
    "numeric",
    "other",
]
DEFINITION = {
    "name": rules.language_map,
    "description": rules.language_map,
    "type": rules.iri,
    "moreInfo": rules.iri,
    "extensions": rules.extensions,
    "interactionType": one_of(*INTERACTIONS),
    "correctResponsesPattern": each(rules.text),
    **dict.fromkeys(("choices", "scale", "source", "target", "steps"), each(component)),
}


def check_definition(value: Any, where: str) -> None:
    """2.4.4.1: what an interaction adds needs its type."""
    rules.record(value, where, DEFINITION)
    extra = {"correctResponsesPattern", "choices", "scale", "source", "target", "steps"}
    if extra & set(value) and "interactionType" not in value:
        raise Malformed(f"{where}.interactionType", _("This property is missing."))


activity = shaped(
    {"objectType": one_of("Activity"), "id": rules.iri, "definition": check_definition}, ("id",)
)
reference = shaped(
    {"objectType": one_of("StatementRef"), "id": rules.uuid_text}, ("objectType", "id")
)
SCORE = dict.fromkeys(("scaled", "raw", "min", "max"), rules.number)


def check_score(value: Any, where: str) -> None:
    """2.4.5.1: scaled lies between -1 and 1, raw between min and max."""
    rules.record(value, where, SCORE)
    if not -1 <= value.get("scaled", 0) <= 1:
        raise Malformed(f"{where}.scaled", _("This must lie between -1 and 1."))
    low, high = value.get("min", float("-inf")), value.get("max", float("inf"))
    if low > high:
        raise Malformed(f"{where}.min", _("This must not be above max."))
    if "raw" in value and not low <= value["raw"] <= high:
        raise Malformed(f"{where}.raw", _("This must lie between min and max."))


result = shaped(
    {
        "score": check_score,
        "success": rules.boolean,
        "completion": rules.boolean,
        "response": rules.text,
        "duration": rules.duration,
        "extensions": rules.extensions,
    }
)


def check_activities(value: Any, where: str) -> None:
    """2.4.6.2: one activity or a list of them."""
    check = each(activity) if isinstance(value, list) else activity
    check(value, where)


def check_related(whom: str, check: rules.Rule) -> rules.Rule:
    """xAPI 2.0, 4.2.4.3: agents or groups with the part they play."""
    return each(
        shaped(
            {
                "objectType": one_of(f"context{whom.capitalize()}"),
                whom: check,
                "relevantTypes": rules.filled(each(rules.iri)),
            },
            ("objectType", whom),
        )
    )


CONTEXT = {
    "registration": rules.uuid_text,
    "instructor": check_actor,
    "team": check_group,
    "contextActivities": shaped(
        dict.fromkeys(("parent", "grouping", "category", "other"), check_activities)
    ),
    "revision": rules.text,
    "platform": rules.text,
    "language": rules.language_tag,
    "statement": reference,
    "extensions": rules.extensions,
}
CONTEXT_2 = CONTEXT | {
    "contextAgents": check_related("agent", check_agent),
    "contextGroups": check_related("group", check_group),
}
attachment = shaped(
    {
        "usageType": rules.iri,
        "display": rules.language_map,
        "description": rules.language_map,
        "contentType": rules.text,
        "length": rules.whole_number,
        "sha2": rules.sha2,
        "fileUrl": rules.iri,
    },
    ("usageType", "display", "contentType", "length", "sha2"),
)


def check_object(value: Any, where: str) -> None:
    """2.4.4: an activity, an agent or group, a reference or a sub-statement."""
    rules.mapping(value, where)
    kinds = {
        "Activity": activity,
        "Agent": check_agent,
        "Group": check_group,
        "StatementRef": reference,
        "SubStatement": check_substatement,
    }
    kind = value.get("objectType", "Activity")
    one_of(*kinds)(kind, f"{where}.objectType")
    kinds[kind](value, where)


COMMON: dict[str, rules.Rule] = {
    "actor": check_actor,
    "verb": verb,
    "result": result,
    "timestamp": rules.timestamp,
    "attachments": each(attachment),
}
NEEDED = ("actor", "verb", "object")


def check_substatement(value: Any, where: str) -> None:
    """2.4.4.3: no id, no store's properties, no sub-statement inside."""
    context = shaped(CONTEXT_2)
    kind = one_of("SubStatement")
    known = COMMON | {"objectType": kind, "object": check_object, "context": context}
    inner = value.get("object")
    if isinstance(inner, dict) and inner.get("objectType") == "SubStatement":
        raise Malformed(f"{where}.object", _("A sub-statement holds no other one."))
    rules.record(value, where, known, NEEDED)
    _check_whole(value, f"{where}.")


def check_version(value: Any, where: str) -> None:
    """2.4.10: 1.0.x or 2.0.x."""
    rules.text(value, where)
    if not value.startswith(("1.0", "2.0")):
        raise Malformed(where, _("This store knows versions 1.0.x and 2.0.x."))


def check_statement(value: Any, where: str = "", *, version: str = "1.0.3") -> None:
    """2.2–2.4: a whole statement as a client may send it under ``version``."""
    known = COMMON | {
        "id": rules.uuid_text,
        "object": check_object,
        "context": shaped(CONTEXT_2 if version.startswith("2") else CONTEXT),
        "stored": rules.timestamp,
        "authority": check_authority,
        "version": check_version,
    }
    rules.record(value, where, known, NEEDED)
    _check_whole(value, f"{where}." if where else "")


def _check_whole(value: dict[str, Any], prefix: str) -> None:
    """2.4.6 and 2.3.2: what one part allows another."""
    kind = value["object"].get("objectType", "Activity")
    for name in ("revision", "platform"):
        if kind != "Activity" and name in value.get("context", {}):
            raise Malformed(
                f"{prefix}context.{name}", _("This is for statements about an activity only.")
            )
    if value["verb"]["id"] == VOIDED and kind != "StatementRef":
        raise Malformed(f"{prefix}object", _("Voiding refers to a statement: StatementRef."))
