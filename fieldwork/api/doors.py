"""What every door for phones has: the session of the browser, answers in JSON, a size."""

from typing import cast

from django.http import JsonResponse
from django.http.request import UnreadablePostError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.views import APIView

from core.bodies import Malformed, read_away
from organisations.models import User

CUT_OFF = gettext_lazy("This did not arrive whole. Send it again.")


class ProblemError(Exception):
    """What the phone is told instead: a status, a word for programs and a sentence for people."""

    def __init__(self, status: int, code: str, sentence: str | Promise, **headers: str):
        super().__init__(sentence)
        self.status, self.code, self.headers = status, code, headers


class StaleToken(exceptions.PermissionDenied):
    """The session is good and its token is not: the phone asks ``me`` for another."""

    default_code = "csrf"


class PhoneAuthentication(SessionAuthentication):
    """The session of the browser; signed out is 401, which the phone tells from 403."""

    def authenticate_header(self, request) -> str:
        return "Session"

    def enforce_csrf(self, request) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as refused:
            raise StaleToken(_("The page had grown old; reload it.")) from refused


class PhoneView(APIView):
    """A view that answers in JSON, errors as ``{"code", "reason"}``."""

    authentication_classes = [PhoneAuthentication]

    @property
    def person(self) -> User:
        """Who asks; past the door above she is known."""
        return cast(User, self.request.user)

    def handle_exception(self, exc):
        if isinstance(exc, Malformed):
            sentence = f"{exc.where}: {exc}" if exc.where else str(exc)
            return _told(ProblemError(400, "malformed", sentence))
        if isinstance(exc, UnreadablePostError):
            return _told(ProblemError(400, "cut_off", CUT_OFF))
        if isinstance(exc, exceptions.NotAuthenticated):
            sentence = _("Sign in, then send again.")
            return _told(
                ProblemError(401, "signed_out", sentence, **{"WWW-Authenticate": "Session"})
            )
        if isinstance(exc, StaleToken):
            return _told(ProblemError(403, "csrf", str(exc.detail)))
        return _told(exc) if isinstance(exc, ProblemError) else super().handle_exception(exc)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _told(problem: ProblemError) -> JsonResponse:
    told = {"code": problem.code, "reason": str(problem)}
    return JsonResponse(told, status=problem.status, headers=problem.headers)


def body_of(request: Request, most: int) -> bytes:
    """The body of at most ``most`` bytes; a larger one is read away and refused."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > most:
        read_away(request._request)
        raise ProblemError(
            413, "too_large", _("This is larger than %(most)s bytes.") % {"most": most}
        )
    return request._request.body
