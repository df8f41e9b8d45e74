"""The door for phones: who is signed in, what to take along, records. docs/fieldwork.md."""

import datetime
import hashlib
import uuid
from typing import Any, cast

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.views import APIView

from core.bodies import Malformed, read_away
from fieldwork import agenda, kinds, queries, serializers
from fieldwork.actions import deliveries
from fieldwork.enums import DeliveryState
from fieldwork.kinds import Record
from fieldwork.models import Delivery
from organisations.models import User

AGENDA_KEPT = datetime.timedelta(days=14)
CUT_OFF = gettext_lazy("This did not arrive whole. Send it again.")


class Problem(Exception):  # noqa: N818 — an answer that says no; nothing was stored
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
            return _told(Problem(400, "malformed", sentence))
        if isinstance(exc, UnreadablePostError):
            return _told(Problem(400, "cut_off", CUT_OFF))
        if isinstance(exc, exceptions.NotAuthenticated):
            sentence = _("Sign in, then send again.")
            return _told(Problem(401, "signed_out", sentence, **{"WWW-Authenticate": "Session"}))
        if isinstance(exc, StaleToken):
            return _told(Problem(403, "csrf", str(exc.detail)))
        return _told(exc) if isinstance(exc, Problem) else super().handle_exception(exc)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _told(problem: Problem) -> JsonResponse:
    told = {"code": problem.code, "reason": str(problem)}
    return JsonResponse(told, status=problem.status, headers=problem.headers)


def body_of(request: Request, most: int) -> bytes:
    """The body of at most ``most`` bytes; a larger one is read away and refused."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > most:
        read_away(request._request)
        raise Problem(413, "too_large", _("This is larger than %(most)s bytes.") % {"most": most})
    return request._request.body


class Me(PhoneView):
    """Who is signed in here, and the token to send with."""

    def get(self, request: Request) -> JsonResponse:
        return JsonResponse(
            {
                "id": self.person.pk,
                "name": str(self.person),
                "language": get_language(),
                "csrf": get_token(request._request),
                "now": timezone.now().isoformat(),
                "sign_in": reverse(settings.LOGIN_URL),
            }
        )


class Agenda(PhoneView):
    """What the person takes along; 304 while nothing in it changed since the morning."""

    def get(self, request: Request) -> HttpResponse:
        now = timezone.now()
        parts: dict[str, Any] = {"by": self.person.pk, **agenda.of(self.person)}
        # By the day: the phone's copy expires, and an unchanged one must not expire for that.
        tag = f'"{serializers.canonical_hash(parts | {"day": str(now.date())})}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Cookie"}
        if tag in request.headers.get("If-None-Match", ""):
            return HttpResponse(status=304, headers=headers)
        times = {"made_at": now.isoformat(), "expires_at": (now + AGENDA_KEPT).isoformat()}
        return JsonResponse(times | parts, headers=headers)


class Records(PhoneView):
    """A record by its kind and number: taken in by PUT, asked after by GET."""

    def put(self, request: Request, kind: str, pk: uuid.UUID) -> JsonResponse:
        body = body_of(request, serializers.MOST_BYTES)
        record = self._record(body, kind, pk)
        if queries.too_many(self.person):
            sentence = _("Too many requests; wait a few minutes.")
            raise Problem(429, "too_many", sentence, **{"Retry-After": "600"})
        delivery, new = deliveries.receive(record=record, body=body, by=self.person)
        if delivery.state == DeliveryState.CONFLICT:
            return JsonResponse(serializers.answer(delivery), status=409)
        return JsonResponse(serializers.answer(delivery), status=201 if new else 200)

    def get(self, request: Request, kind: str, pk: uuid.UUID) -> JsonResponse:
        """The state today; with ``?sha256=`` of the content that the phone has."""
        sha256 = request.query_params.get("sha256", "")
        delivery: Delivery | None = queries.own_answer(self.person, kind, pk, sha256)
        if delivery is None:
            raise Problem(404, "unknown", _("No such record came from you."))
        return JsonResponse(serializers.answer(delivery))

    def _record(self, body: bytes, kind: str, pk: uuid.UUID) -> Record:
        """The record in ``body``, which is whole and hers; else ``Problem`` says what it is."""
        if kinds.find(kind) is None:
            raise Problem(404, "unknown_kind", _("Nobody here reads records of this kind."))
        claimed = self.request.headers.get("X-Content-SHA256", "")
        if claimed != hashlib.sha256(body).hexdigest():
            raise Problem(400, "hash", CUT_OFF)
        try:
            return serializers.read(body, by=self.person, kind=kind, id=pk)
        except serializers.NotHers:
            sentence = _("Somebody else made this record. It goes once she signs in here.")
            raise Problem(403, "not_yours", sentence) from None
