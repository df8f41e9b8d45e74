"""The statements resource: POST and GET. Sections are those of xAPI 1.0.3, Part Three."""

import dataclasses
import json
import re
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date, urlencode
from django.utils.translation import gettext as _
from rest_framework.authentication import BasicAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.views import APIView

from core.bodies import read_away
from lrs import keys, queries
from lrs.actions import credentials, statements
from lrs.models import Statement
from lrs.validation import Malformed, check_agent, parse
from lrs.validation import rules as rule

VERSION_HEADER = "X-Experience-API-Version"
VERSIONS = re.compile(r"1\.0(\.\d+)?|2\.0(\.0)?")
PAGE, LARGEST_PAGE = 100, 500
FILTERS = {"agent", "verb", "activity", "registration", "since", "until", "limit", "ascending"}
# Parameters of the standard that change nothing with these values; others are not answered yet.
PLAIN = {
    "format": "exact",
    "attachments": "false",
    "related_activities": "false",
    "related_agents": "false",
}


class CredentialAuthentication(BasicAuthentication):
    """4.1: basic authentication with the key and secret of a client; never a person's password."""

    www_authenticate_realm = "xapi"

    def authenticate_credentials(self, userid, password, request=None):
        # No key holds a null character, and PostgreSQL will not even look for it.
        known = "\x00" not in userid and credentials.recognise(key=userid, secret=password)
        if not known:
            raise AuthenticationFailed(_("Key or secret are not known."))
        return AnonymousUser(), known


class MayReadOrWrite(BasePermission):
    """A client that is known, and may do this."""

    def has_permission(self, request, view) -> bool:
        if request.auth is None:
            return False
        return request.auth.can_write if request.method == "POST" else request.auth.can_read


class AlwaysJSON(BaseContentNegotiation):
    """xAPI answers JSON whatever is accepted; its ``format`` parameter is not that of DRF."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class StatementsView(APIView):
    """``/xapi/statements``."""

    authentication_classes = [CredentialAuthentication]
    permission_classes = [MayReadOrWrite]
    content_negotiation_class = AlwaysJSON
    # PUT, attachments and voiding come with the rest of xAPI.
    http_method_names = ["get", "head", "post", "options"]

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        _check_version(request)

    def handle_exception(self, exc):
        if isinstance(exc, Malformed):
            return _error(400, str(exc), exc.where)
        if isinstance(exc, statements.Conflict):
            return _error(409, str(exc), "id")
        if isinstance(exc, RequestDataTooBig):
            read_away(self.request._request)
            return _error(413, _("The body is too large. Send fewer statements at a time."))
        return super().handle_exception(exc)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        asked = request.headers.get(VERSION_HEADER, "")
        response[VERSION_HEADER] = asked if VERSIONS.fullmatch(asked) else "1.0.3"
        response["X-Experience-API-Consistent-Through"] = timezone.now().isoformat()
        return response

    def post(self, request) -> JsonResponse:
        """2.1.2: store one statement or several, all or none; answer their ids."""
        _check_content_type(request)
        body = parse(request._request.body)
        several = isinstance(body, list)
        ids = statements.store(
            body if several else [body],
            credential=request.auth,
            version=request.headers[VERSION_HEADER],
        )
        return JsonResponse([str(identity) for identity in ids], safe=False)

    def get(self, request) -> HttpResponse:
        """2.1.3: one statement by its id, or those that the parameters describe."""
        asked = _parameters(request)
        if "statementId" in asked:
            return _one(asked)
        return _page(_search(asked))


def _check_version(request) -> None:
    """3.3: each request names a version that the store knows."""
    asked = request.headers.get(VERSION_HEADER)
    if asked is None:
        raise Malformed(VERSION_HEADER, _("This header is missing; send 1.0.3 or 2.0.0."))
    if not VERSIONS.fullmatch(asked):
        raise Malformed(VERSION_HEADER, _("This store knows versions 1.0.x and 2.0.0."))


def _check_content_type(request) -> None:
    """1.5: JSON; attachments in the body come later."""
    if request.content_type.split(";")[0].strip().lower() != "application/json":
        raise Malformed("Content-Type", _("Send application/json; attachments by fileUrl only."))


def _parameters(request) -> dict[str, str]:
    """2.1.3: parameters that the store does not know are an error, and each stands once."""
    known = FILTERS | set(PLAIN) | {"statementId", "cursor"}
    for name, values in request.query_params.lists():
        if name not in known:
            raise Malformed(name, _("This store has no such parameter."))
        if len(values) > 1:
            raise Malformed(name, _("This property stands twice."))
        if name in PLAIN and values[0] != PLAIN[name]:
            raise Malformed(name, _("This store does not answer this yet."))
        if "\x00" in values[0]:
            raise Malformed(name, _("The null character is not allowed in text."))
    return request.query_params.dict()


def _one(asked: dict[str, str]) -> HttpResponse:
    """2.1.3: a statement by id goes with no other filter."""
    rule.uuid_text(asked["statementId"], "statementId")
    if others := sorted(set(asked) - {"statementId", "format", "attachments"}):
        raise Malformed(others[0], _("This does not go together with statementId."))
    row = Statement.objects.filter(pk=asked["statementId"]).first()
    if row is None:
        return _error(404, _("There is no statement with this id."), "statementId")
    response = HttpResponse(row.raw, content_type="application/json")
    response["Last-Modified"] = http_date(row.stored.timestamp())
    return response


def _search(asked: dict[str, str]) -> queries.Search:
    """What the parameters ask for, checked."""
    if "cursor" in asked:
        return queries.Search.from_cursor(asked["cursor"])
    values: dict[str, Any] = {"limit": _limit(asked), "ascending": _ascending(asked)}
    if "agent" in asked:
        values["agent"] = _agent(asked["agent"])
    for name in ("verb", "activity"):
        if name in asked:
            rule.iri(asked[name], name)
            values[name] = keys.of_iri(asked[name])
    if "registration" in asked:
        rule.uuid_text(asked["registration"], "registration")
        values["registration"] = asked["registration"]
    for name in ("since", "until"):
        if name in asked:
            values[name] = rule.moment(asked[name], name).isoformat()
    return queries.Search(**values)


def _agent(text: str) -> str:
    """2.1.3: an agent or identified group as JSON."""
    try:
        agent = parse(text.encode())
        kind = agent.get("objectType") if isinstance(agent, dict) else None
        if kind == "Group":
            agent = agent | {"objectType": "Agent"}
        check_agent(agent, "agent")
    except Malformed as error:
        raise Malformed(error.where or "agent", str(error)) from None
    return keys.of_agent(agent)


def _limit(asked: dict[str, str]) -> int:
    """2.1.3: 0 or none leaves it to the store."""
    text = asked.get("limit", "0")
    if not re.fullmatch(r"\d{1,9}", text):
        raise Malformed("limit", _("This must be a whole number."))
    return min(int(text) or PAGE, LARGEST_PAGE)


def _ascending(asked: dict[str, str]) -> bool:
    text = asked.get("ascending", "false")
    if text not in {"true", "false"}:
        raise Malformed("ascending", _("This must be true or false."))
    return text == "true"


def _page(search: queries.Search) -> HttpResponse:
    """2.5: statements as stored, and where to go on."""
    rows = list(queries.found(search)[: search.limit + 1])
    more = ""
    if len(rows) > search.limit:
        rows.pop()
        last = rows[-1]
        onward = dataclasses.replace(
            search, last_stored=last.stored.isoformat(), last_id=str(last.pk)
        )
        more = f"{reverse('xapi_statements')}?{urlencode({'cursor': onward.to_cursor()})}"
    body = ",".join(row.raw for row in rows)
    return HttpResponse(
        f'{{"statements":[{body}],"more":{json.dumps(more)}}}', content_type="application/json"
    )


def _error(status: int, sentence: str, where: str = "") -> JsonResponse:
    return JsonResponse({"error": sentence, "property": where}, status=status)
