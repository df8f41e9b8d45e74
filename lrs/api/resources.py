"""What all resources share: clients, versions, errors, headers. Sections: 1.0.3, Part Three."""

import re
from typing import cast
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework.authentication import BasicAuthentication
from rest_framework.exceptions import AuthenticationFailed, UnsupportedMediaType
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.views import APIView

from core.bodies import read_away
from lrs import queries
from lrs.actions import credentials, documents, refusals, statements
from lrs.api import alternate
from lrs.api.rates import PerClient
from lrs.enums import Scope
from lrs.models import Credential
from lrs.validation import Malformed

VERSION_HEADER = "X-Experience-API-Version"
VERSION = "2.0.0"
VERSIONS = re.compile(r"1\.0(\.\d+)?|2\.0(\.\d+)?")


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
    """A client that is known, and may do this here: the view says which scopes open what."""

    def has_permission(self, request, view) -> bool:
        if request.auth is None:
            return False
        reads = request.method in {"GET", "HEAD", "OPTIONS"}
        return request.auth.may(*(view.read_scopes if reads else view.write_scopes))


class AlwaysJSON(BaseContentNegotiation):
    """xAPI answers JSON whatever is accepted; its ``format`` parameter is not that of DRF."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class ResourceView(APIView):
    """A resource below ``/xapi/``."""

    authentication_classes = [CredentialAuthentication]
    permission_classes = [MayReadOrWrite]
    throttle_classes = [PerClient]
    content_negotiation_class = AlwaysJSON
    read_scopes: tuple[Scope, ...] = (Scope.ALL_READ,)
    write_scopes: tuple[Scope, ...] = ()

    def dispatch(self, request, *args, **kwargs):
        self.malformed = alternate.unfold(request)
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if self.malformed:
            raise self.malformed
        self.check_version()

    def check_version(self) -> None:
        """3.3: each request names a version that the store knows."""
        asked = self.request.headers.get(VERSION_HEADER)
        if asked is None:
            raise Malformed(VERSION_HEADER, _("This header is missing; send 1.0.3 or 2.0.0."))
        if not VERSIONS.fullmatch(asked):
            raise Malformed(VERSION_HEADER, _("This store knows versions 1.0.x and 2.0.x."))
        credentials.heard(credential=self.client, version=asked)

    @property
    def client(self) -> Credential:
        """Which client asks; past the door it is known."""
        return cast("Credential", self.request.auth)

    @property
    def second(self) -> bool:
        """Whether the client speaks xAPI 2.0."""
        return self.request.headers.get(VERSION_HEADER, "").startswith("2")

    def handle_exception(self, exc):
        if isinstance(exc, Malformed):
            return error(400, str(exc), exc.where)
        if isinstance(exc, statements.Conflict):
            return error(409, str(exc), "id")
        if isinstance(exc, documents.Precondition):
            return error(exc.status, str(exc), exc.where)
        if isinstance(exc, UnsupportedMediaType):
            return error(400, str(exc.detail), "Content-Type")
        if isinstance(exc, RequestDataTooBig):
            read_away(self.request._request, most=2 * settings.XAPI_LARGEST_BODY)
            return error(413, _("The body is too large. Send fewer statements at a time."))
        response = super().handle_exception(exc)
        response.data = {"error": response.data["detail"], "property": ""}
        return response

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        asked = request.headers.get(VERSION_HEADER, "")
        if not VERSIONS.fullmatch(asked):
            asked = getattr(request.auth, "speaks", "") or VERSION
        response[VERSION_HEADER] = asked
        refusals.note(request=request, response=response)
        through = getattr(self, "through", None) or queries.consistent_through(at_least=1.0)
        response["X-Experience-API-Consistent-Through"] = through.isoformat()
        return response


def body(request) -> bytes:
    """What came, up to ``XAPI_LARGEST_BODY`` bytes. Raises ``RequestDataTooBig``."""
    plain = request._request
    if hasattr(plain, "_body"):
        return plain._body
    if int(plain.META.get("CONTENT_LENGTH") or 0) > settings.XAPI_LARGEST_BODY:
        raise RequestDataTooBig
    plain._body = plain.read()
    return plain._body


def parameters(request, *known: str, needed: tuple[str, ...] = ()) -> dict[str, str]:
    """2.1.3: parameters that the store does not know are an error, and each stands once."""
    try:
        # Django's reader puts other letters where an address is not UTF-8: another thing's name.
        unquote_to_bytes(request.META.get("QUERY_STRING", "")).decode()
    except UnicodeDecodeError:
        raise Malformed("", _("This is not UTF-8.")) from None
    for name, values in request.query_params.lists():
        if name not in {*known, *needed}:
            raise Malformed(name, _("This store has no such parameter."))
        if len(values) > 1:
            raise Malformed(name, _("This property stands twice."))
        if "\x00" in values[0]:
            raise Malformed(name, _("The null character is not allowed in text."))
    for name in needed:
        if not request.query_params.get(name):
            raise Malformed(name, _("This property is missing."))
    return request.query_params.dict()


def media_type(request) -> str:
    """The content type without its parameters, in small letters."""
    return (request.content_type or "").split(";")[0].strip().lower()


def empty() -> HttpResponse:
    return HttpResponse(status=204)


def error(status: int, sentence: str, where: str = "") -> JsonResponse:
    return JsonResponse({"error": sentence, "property": where}, status=status)
