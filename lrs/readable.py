"""Statements in words: who did what to what, and everything beside it, for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import simplejson
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from lrs import formats, keys
from lrs.models import Credential, Statement, Void

Pairs = list[tuple[str, str]]
# What may stand in a result or context, in the order of reading
RESULT: dict[str, str | Promise] = {
    "completion": _("completed"),
    "success": _("succeeded"),
    "score": _("score"),
    "duration": _("duration"),
    "response": _("response"),
}
CONTEXT: dict[str, str | Promise] = {
    "registration": _("registration"),
    "instructor": _("instructor"),
    "team": _("team"),
    "platform": _("platform"),
    "language": _("language"),
    "revision": _("revision"),
    "parent": _("part of"),
    "grouping": _("together with"),
    "category": _("kind"),
    "other": _("also about"),
}


@dataclass(frozen=True)
class Line:
    """A statement in one sentence."""

    row: Statement
    who: str
    did: str
    what: str
    client: str
    is_voided: bool


def lines(rows: list[Statement]) -> list[Line]:
    """``rows`` in words of the reader's language: three queries, however many they are."""
    voided = set(
        Void.objects.filter(target__in=[row.pk for row in rows]).values_list("pk", flat=True)
    )
    clients = Credential.objects.in_bulk({row.credential_id for row in rows if row.credential_id})
    return [
        Line(
            row,
            who=agent(one["actor"]),
            did=verb(one["verb"]),
            what=thing(one["object"]),
            client=clients[row.credential_id].name if row.credential_id else gettext("this site"),
            is_voided=row.pk in voided,
        )
        for row, one in zip(rows, contents(rows), strict=True)
    ]


def contents(rows: list[Statement]) -> list[dict[str, Any]]:
    """The statements with one language of each text."""
    written = formats.written(rows, "canonical", get_language() or "")
    return [simplejson.loads(text, use_decimal=True) for text in written]


def agent(one: dict[str, Any]) -> str:
    """Her name, else her identifier (of an account here its name); of other groups the members."""
    if one.get("name"):
        return str(one["name"])
    names = keys.identifier(one)
    if names[1:2] == (settings.XAPI_HOME_PAGE,):
        return names[-1]
    if names:
        return " ".join(names[:0:-1]).removeprefix("mailto:")
    return ", ".join(agent(member) for member in one.get("member", ()))


def verb(one: dict[str, Any]) -> str:
    return _first(one.get("display")) or _tail(one["id"])


def thing(one: dict[str, Any]) -> str:
    """An object of any kind."""
    kind = one.get("objectType", "Activity")
    if kind == "SubStatement":
        return f"{agent(one['actor'])} {verb(one['verb'])} {thing(one['object'])}"
    if kind == "StatementRef":
        return gettext("statement %(id)s") % {"id": one["id"]}
    if kind == "Activity":
        return _first(one.get("definition", {}).get("name")) or str(one["id"])
    return agent(one)


def result(statement: dict[str, Any]) -> Pairs:
    """What came of it."""
    found = dict(statement.get("result", {}))
    if "score" in found:
        score = found["score"]
        found["score"] = " · ".join(f"{name} {value}" for name, value in score.items())
    return [*_named(found, RESULT), *_extensions(found)]


def context(statement: dict[str, Any]) -> Pairs:
    """In which circumstances."""
    found = dict(statement.get("context", {}))
    for name in ("instructor", "team"):
        if name in found:
            found[name] = agent(found[name])
    for name, some in found.get("contextActivities", {}).items():
        found[name] = ", ".join(thing(one) for one in some)
    pairs = _named(found, CONTEXT)
    for name, who in (("contextAgents", "agent"), ("contextGroups", "group")):
        pairs += [(gettext("also there"), agent(one[who])) for one in found.get(name, ())]
    if "statement" in found:
        pairs.append((gettext("within"), thing(found["statement"])))
    return [*pairs, *_extensions(found)]


def _named(values: dict[str, Any], names: dict[str, str | Promise]) -> Pairs:
    return [(str(names[name]), _said(values[name])) for name in names if name in values]


def _extensions(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for iri, value in values.get("extensions", {}).items():
        yield iri, value if isinstance(value, str) else simplejson.dumps(value, ensure_ascii=False)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str(value)


def _first(texts: dict[str, str] | None) -> str:
    return next(iter((texts or {}).values()), "")


def _tail(iri: str) -> str:
    """The last word of an IRI."""
    return iri.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1] or iri
