"""Who is signed in, what to take along, and records. The protocol is in docs/fieldwork.md."""

import datetime
import hashlib
import uuid
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework.request import Request

from fieldwork import agenda, kinds, queries
from fieldwork.actions import deliveries
from fieldwork.api.doors import CUT_OFF, PhoneView, ProblemError, body_of
from fieldwork.enums import DeliveryState
from fieldwork.kinds import Record
from fieldwork.serializers import envelopes

AGENDA_KEPT = datetime.timedelta(days=14)


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
                "attachments": settings.FIELD_ATTACHMENTS,
            }
        )


class Agenda(PhoneView):
    """What the person takes along; 304 while nothing in it changed since the morning."""

    def get(self, request: Request) -> HttpResponse:
        now = timezone.now()
        parts: dict[str, Any] = {"by": self.person.pk, **agenda.of(self.person)}
        # By the day: the phone's copy expires, and an unchanged one must not expire for that.
        tag = f'"{envelopes.canonical_hash(parts | {"day": str(now.date())})}"'
        headers = {"ETag": tag}
        if tag in request.headers.get("If-None-Match", ""):
            return HttpResponse(status=304, headers=headers)
        times = {"made_at": now.isoformat(), "expires_at": (now + AGENDA_KEPT).isoformat()}
        return JsonResponse(times | parts, headers=headers)


class Records(PhoneView):
    """A record by its kind and number: taken in by PUT, asked after by GET."""

    def put(self, request: Request, kind: str, pk: uuid.UUID) -> JsonResponse:
        body = body_of(request, envelopes.MOST_BYTES)
        record = self._record(body, kind, pk)
        if queries.too_many(self.person):
            sentence = _("Too many requests; wait a few minutes.")
            raise ProblemError(429, "too_many", sentence, **{"Retry-After": "600"})
        delivery, new = deliveries.receive(record=record, body=body, by=self.person)
        if delivery.state == DeliveryState.CONFLICT:
            return JsonResponse(envelopes.answer(delivery), status=409)
        return JsonResponse(envelopes.answer(delivery), status=201 if new else 200)

    def get(self, request: Request, kind: str, pk: uuid.UUID) -> JsonResponse:
        """The state today; with ``?sha256=`` of the content that the phone has."""
        sha256 = request.query_params.get("sha256", "")
        delivery = queries.own_answer(self.person, kind, pk, sha256)
        if delivery is None:
            raise ProblemError(404, "unknown", _("No such record came from you."))
        return JsonResponse(envelopes.answer(delivery))

    def _record(self, body: bytes, kind: str, pk: uuid.UUID) -> Record:
        """The record in ``body``, whole and hers; else ``ProblemError`` says what it is."""
        if kinds.find(kind) is None:
            raise ProblemError(404, "unknown_kind", _("Nobody here reads records of this kind."))
        claimed = self.request.headers.get("X-Content-SHA256", "")
        if claimed != hashlib.sha256(body).hexdigest():
            raise ProblemError(400, "hash", CUT_OFF)
        try:
            return envelopes.read(body, by=self.person, kind=kind, number=pk)
        except envelopes.OtherSenderError:
            sentence = _("Somebody else made this record. It goes once she signs in here.")
            raise ProblemError(403, "not_yours", sentence) from None
