"""The statements resource. Sections are those of xAPI 1.0.3, Part Three, and of 2.0, 4.1.6.1."""

import re
from dataclasses import replace
from typing import Any

import simplejson
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import http_date, urlencode
from django.utils.translation import gettext as _

from lrs import formats, keys, multipart, positions, queries
from lrs.actions import attachments, statements
from lrs.api.parameters import agent_key
from lrs.api.resources import (
    VERSION_HEADER,
    ResourceView,
    body,
    empty,
    error,
    media_type,
    parameters,
)
from lrs.enums import Scope
from lrs.models import Statement
from lrs.validation import Malformed, parse
from lrs.validation import rules as rule

PAGE, LARGEST_PAGE = 100, 500
KINDS = ("statementId", "voidedStatementId")
FORM = ("format", "attachments")
FILTERS = (
    *("agent", "verb", "activity", "registration", "related_activities", "related_agents"),
    *("since", "until", "limit", "ascending"),
)


class StatementsView(ResourceView):
    """``/xapi/statements``."""

    read_scopes = (Scope.READ, Scope.READ_MINE, Scope.ALL_READ)
    write_scopes = (Scope.WRITE,)
    http_method_names = ["get", "head", "put", "post", "options"]

    def put(self, request) -> HttpResponse:
        """2.1.1: store one statement under the id in the address."""
        asked = parameters(request, needed=("statementId",))
        rule.uuid_text(asked["statementId"], "statementId")
        sent, files = _content(request)
        if not isinstance(sent, dict):
            raise Malformed("", _("Send one statement; a list goes with POST."))
        if str(sent.get("id", asked["statementId"])).lower() != asked["statementId"].lower():
            raise Malformed("id", _("This is not the id in the address."))
        self._store([sent | {"id": asked["statementId"]}], files)
        return empty()

    def post(self, request) -> JsonResponse:
        """2.1.2: store one statement or several, all or none; answer their ids."""
        parameters(request)
        sent, files = _content(request)
        ids = self._store(sent if isinstance(sent, list) else [sent], files)
        return JsonResponse([str(identity) for identity in ids], safe=False)

    def get(self, request) -> HttpResponse:
        """2.1.3: one statement by its id, or those that the parameters describe."""
        self.through = queries.consistent_through()
        if "cursor" in request.query_params:
            asked = parameters(request, "cursor")
            search = queries.Search.from_cursor(asked["cursor"])
            return _page(replace(search, credential=_mine(request)), request)
        asked = parameters(request, *KINDS, *FORM, *FILTERS)
        for name in KINDS:
            if name in asked:
                return _one(name, asked, request)
        return _page(_search(asked, request), request)

    def _store(self, bodies: list[Any], files: dict[str, multipart.Part]) -> list:
        version = self.request.headers[VERSION_HEADER]
        return statements.store(bodies, credential=self.client, version=version, files=files)


def _content(request) -> tuple[Any, dict[str, multipart.Part]]:
    """1.5: JSON, or JSON and attachments by their hashes in ``multipart/mixed``."""
    kind = media_type(request)
    if kind == "application/json":
        return parse(body(request), exact=True), {}
    if kind == "multipart/mixed":
        first, *others = multipart.parts(body(request), request.content_type)
        return parse(multipart.json_of(first), exact=True), multipart.by_hash(others)
    raise Malformed("Content-Type", _("Send application/json, or multipart/mixed."))


def _one(name: str, asked: dict[str, str], request) -> HttpResponse:
    """2.1.3: a statement by id goes with no other filter."""
    rule.uuid_text(asked[name], name)
    if others := sorted(set(asked) - {name, *FORM}):
        raise Malformed(others[0], _("This does not go together with statementId."))
    form, files = _form(asked), _flag(asked, "attachments")
    rows = queries.visible() if name == "statementId" else queries.voided()
    if (mine := _mine(request)) is not None:
        rows = rows.filter(credential=mine)
    row = rows.filter(pk=asked[name]).first()
    if row is None:
        return error(404, _("There is no statement with this id."), name)
    (text,) = formats.written([row], form, request.headers.get("Accept-Language", ""))
    response = _answer(text, [row], files)
    response["Last-Modified"] = http_date(row.stored.timestamp())
    return response


def _search(asked: dict[str, str], request) -> queries.Search:
    """What the parameters ask for, checked."""
    moments = {name: rule.moment(asked[name], name) for name in ("since", "until") if name in asked}
    return queries.Search(
        keys=[key.hex() for key in _keys(asked)],
        low=positions.after(moments["since"]) if "since" in moments else 0,
        high=positions.after(moments["until"]) if "until" in moments else None,
        ascending=_flag(asked, "ascending"),
        limit=_limit(asked),
        credential=_mine(request),
        form=_form(asked),
        attachments=_flag(asked, "attachments"),
    )


def _keys(asked: dict[str, str]) -> list[bytes]:
    """The keys that a statement must have, those that few have first."""
    wide_agents, wide = _flag(asked, "related_agents"), _flag(asked, "related_activities")
    found = []
    if "registration" in asked:
        rule.uuid_text(asked["registration"], "registration")
        found.append(keys.of_registration(asked["registration"]))
    verb = _iri(asked, "verb", keys.of_verb)
    if "agent" in asked:
        agent = agent_key(asked["agent"])
        if wide_agents:
            agent = keys.related(agent)
        elif verb:
            agent, verb = keys.both(agent, verb), b""
        found.append(agent)
    if activity := _iri(asked, "activity", keys.of_activity):
        found.append(keys.related(activity) if wide else activity)
    return [*found, verb] if verb else found


def _iri(asked: dict[str, str], name: str, key) -> bytes:
    if name not in asked:
        return b""
    rule.iri(asked[name], name)
    return key(asked[name])


def _limit(asked: dict[str, str]) -> int:
    """2.1.3: 0 or none leaves it to the store."""
    text = asked.get("limit", "0")
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise Malformed("limit", _("This must be a whole number."))
    return min(int(text) or PAGE, LARGEST_PAGE)


def _flag(asked: dict[str, str], name: str) -> bool:
    text = asked.get(name, "false")
    if text not in {"true", "false"}:
        raise Malformed(name, _("This must be true or false."))
    return text == "true"


def _form(asked: dict[str, str]) -> str:
    form = asked.get("format", "exact")
    rule.one_of("exact", "ids", "canonical")(form, "format")
    return form


def _mine(request) -> int | None:
    """4.2: whoever may read its own statements only, is shown no others."""
    return None if request.auth.may(Scope.READ, Scope.ALL_READ) else request.auth.pk


def _page(search: queries.Search, request) -> HttpResponse:
    """2.5: statements as stored, and where to go on."""
    rows, onward = queries.page(search)
    texts = formats.written(rows, search.form, request.headers.get("Accept-Language", ""))
    more = ""
    if onward is not None:
        more = f"{reverse('xapi_statements')}?{urlencode({'cursor': onward.to_cursor()})}"
    text = f'{{"statements":[{",".join(texts)}],"more":{simplejson.dumps(more)}}}'
    return _answer(text, rows, search.attachments)


def _answer(text: str, rows: list[Statement], files: bool) -> HttpResponse:
    """JSON, or with ``files`` JSON and each attachment of ``rows`` that the store has, once."""
    if not files:
        return HttpResponse(text, content_type="application/json")
    boundary = multipart.boundary()
    content = multipart.joined(text, attachments.of_statements(rows), boundary)
    return HttpResponse(content, content_type=f"multipart/mixed; boundary={boundary}")
