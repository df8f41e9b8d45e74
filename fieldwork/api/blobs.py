"""Pictures beside records, in parts; off unless the programme wants them."""

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from core.refusals import Refusal
from fieldwork.actions import blobs
from fieldwork.api.doors import PhoneView, ProblemError, body_of
from fieldwork.models import Blob


class Blobs(PhoneView):
    """A picture by the hash of its bytes: HEAD says how many came, PATCH adds to them."""

    http_method_names = ["head", "patch", "options"]

    def initial(self, request: Request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)
        if not settings.FIELD_ATTACHMENTS:
            raise ProblemError(404, "off", _("This programme takes in no pictures."))

    def head(self, request: Request, sha256: str) -> HttpResponse:
        return HttpResponse(headers=self._so_far(sha256))

    def patch(self, request: Request, sha256: str) -> HttpResponse:
        content = body_of(request, blobs.MOST_BYTES)
        offset = _number(request, "Upload-Offset")
        length = _number(request, "Upload-Length") if "Upload-Length" in request.headers else None
        if offset is None:
            raise ProblemError(400, "malformed", _("Say in Upload-Offset where this part begins."))
        try:
            blobs.append(
                sha256=sha256, offset=offset, content=content, length=length, by=self.person
            )
        except blobs.MisplacedPartError:
            sentence = _("This part does not begin where the others end.")
            raise ProblemError(409, "misplaced", sentence, **self._so_far(sha256)) from None
        except Refusal as refusal:
            raise ProblemError(429, "too_many", str(refusal), **{"Retry-After": "600"}) from None
        return JsonResponse({"sha256": sha256}, headers=self._so_far(sha256))

    def _so_far(self, sha256: str) -> dict[str, str]:
        blob = Blob.objects.filter(sha256=sha256, by=self.person).first()
        whole = blob is not None and blob.completed_at is not None
        return {
            "Upload-Offset": str(blob.size if blob else 0),
            "Upload-Complete": "?1" if whole else "?0",
        }


def _number(request: Request, name: str) -> int | None:
    text = request.headers.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
