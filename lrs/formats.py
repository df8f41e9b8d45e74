"""How statements are given back: exact, ids, canonical (xAPI 1.0.3, Part Three, 2.1.3)."""

from collections.abc import Iterable
from typing import Any

import simplejson
from django.utils.translation.trans_real import parse_accept_lang_header

from lrs import keys, mentions
from lrs.keys import IDENTIFIERS
from lrs.models import Activity, Statement


def written(rows: Iterable[Statement], form: str, languages: str) -> list[str]:
    """The JSON of each of ``rows``; ``languages`` is what the client would rather read."""
    if form == "exact":
        return [row.raw for row in rows]
    statements = [simplejson.loads(row.raw, use_decimal=True) for row in rows]
    if form == "ids":
        shown = [_ids(one) for one in statements]
    else:
        wanted = [tag for tag, _weight in parse_accept_lang_header(languages)]
        shown = _canonical(statements, wanted)
    return [simplejson.dumps(one, ensure_ascii=False) for one in shown]


def _ids(statement: dict[str, Any]) -> dict[str, Any]:
    """Only what identifies actors, verbs and objects."""
    short = statement | {
        "actor": _agent_id(statement["actor"]),
        "verb": {"id": statement["verb"]["id"]},
        "object": _object_id(statement["object"]),
    }
    if "authority" in statement:
        short["authority"] = _agent_id(statement["authority"])
    if "context" in statement:
        short["context"] = _context_ids(statement["context"])
    return short


def _object_id(thing: dict[str, Any]) -> dict[str, Any]:
    kind = thing.get("objectType", "Activity")
    if kind == "SubStatement":
        return _ids(thing)
    if kind == "StatementRef":
        return thing
    return _activity_id(thing) if kind == "Activity" else _agent_id(thing)


def _activity_id(activity: dict[str, Any]) -> dict[str, Any]:
    return {"id": activity["id"]}


def _agent_id(agent: dict[str, Any]) -> dict[str, Any]:
    """An identifier; the members of a group that has none."""
    short = {name: agent[name] for name in ("objectType", *IDENTIFIERS) if name in agent}
    if not keys.identifier(agent):
        short["member"] = [_agent_id(one) for one in agent["member"]]
    return short


def _context_ids(context: dict[str, Any]) -> dict[str, Any]:
    short = dict(context)
    for name in ("instructor", "team"):
        if name in context:
            short[name] = _agent_id(context[name])
    for name, who in (("contextAgents", "agent"), ("contextGroups", "group")):
        if name in context:
            short[name] = [one | {who: _agent_id(one[who])} for one in context[name]]
    if "contextActivities" in context:
        short["contextActivities"] = {
            kind: [_activity_id(one) for one in some]
            for kind, some in context["contextActivities"].items()
        }
    return short


def _canonical(statements: list[dict[str, Any]], wanted: list[str]) -> list[dict[str, Any]]:
    """Activities as the store knows them, and of each text one language."""
    known = definitions(a["id"] for one in statements for a in mentions.activities(one))
    for statement in statements:
        _choose_languages(statement, known, wanted)
    return statements


def _choose_languages(statement: dict[str, Any], known: dict[str, Any], wanted: list[str]) -> None:
    for activity in mentions.activities(statement):
        if activity["id"] in known:
            activity["definition"] = one_language(known[activity["id"]], wanted)
    parts = [statement, statement["object"]]
    for verb in (part["verb"] for part in parts if isinstance(part.get("verb"), dict)):
        if "display" in verb:
            verb["display"] = _chosen(verb["display"], wanted)


def definitions(iris: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What is known of the activities ``iris``, by their IRIs."""
    rows = Activity.objects.filter(pk__in={keys.of_activity(iri) for iri in iris})
    return {row.iri: simplejson.loads(row.definition, use_decimal=True) for row in rows}


def one_language(definition: dict[str, Any], wanted: list[str]) -> dict[str, Any]:
    """``definition`` with one language of its name, description and components."""
    shown = dict(definition)
    for name in ("name", "description"):
        if name in shown:
            shown[name] = _chosen(shown[name], wanted)
    for name in ("choices", "scale", "source", "target", "steps"):
        if name in shown:
            shown[name] = [
                one | {"description": _chosen(one["description"], wanted)}
                if "description" in one
                else one
                for one in shown[name]
            ]
    return shown


def _chosen(texts: dict[str, str], wanted: list[str]) -> dict[str, str]:
    """The text that is ``wanted`` most, else the first; another region's is better than none."""
    whole = {tag.lower(): tag for tag in reversed(texts)}
    bare = {tag.lower().split("-")[0]: tag for tag in reversed(texts)}
    for want in wanted:
        if tag := whole.get(want) or bare.get(want.split("-")[0]):
            return {tag: texts[tag]}
    return dict(list(texts.items())[:1])
