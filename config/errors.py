"""Pages for what goes wrong, in plain words and with the next step; JSON for programs."""

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

logger = structlog.get_logger(__name__)

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def wants_page(request: HttpRequest) -> bool:
    """Whether a person asks: browsers name text/html, programs name JSON or nothing."""
    if request.path.startswith(settings.FOR_PROGRAMS):
        return False
    by_htmx = request.headers.get("HX-Request") == "true"  # it accepts */* and shows pages
    return by_htmx or "text/html" in request.headers.get("Accept", "text/html")


def _answer(request: HttpRequest, status: int, sentence: str, **context) -> HttpResponse:
    if not wants_page(request):
        return JsonResponse({"detail": sentence}, status=status)
    return render(request, f"{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when the body was larger than the door."""
    if isinstance(exception, TOO_LARGE):
        return too_large(request, exception)
    return _answer(request, 400, _("The request could not be read."))


def too_large(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 413, _("The request is too large."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403, _("This is not for your post."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent from a page that had grown old: say so, the entries are kept by the browser."""
    return _answer(request, 403, _("The page had grown old; reload it."), stale_form=True)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404, _("There is nothing at this address."))


def conflict(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    reason = str(exception or "")
    return _answer(request, 409, reason or _("The record was changed."), reason=reason)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: allauth asks for it when somebody sends forms too fast."""
    return _answer(request, 429, _("Too many requests; wait a few minutes."))


def server_error(request: HttpRequest) -> HttpResponse:
    """500 without context processors: whatever broke may be one of them."""
    try:
        return HttpResponse(render_to_string("500.html"), status=500)
    except Exception:
        logger.exception("error_page_failed")
        text = "Algo se rompió de nuestro lado. / Something broke on our side."
        return HttpResponse(text, status=500, content_type="text/plain; charset=utf-8")
