"""Pages for what goes wrong, in plain words and with the next step."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def _page(request: HttpRequest, status: int, **context) -> HttpResponse:
    return render(request, f"{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when the body was larger than the door."""
    return _page(request, 400)


def too_large(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 413)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent from a page that had grown old: say so, the entries are kept by the browser."""
    return _page(request, 403, stale_form=True)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404)


def conflict(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 409, reason=str(exception or ""))


def server_error(request: HttpRequest) -> HttpResponse:
    """500 without context processors: whatever broke may be one of them."""
    return HttpResponse(render_to_string("500.html"), status=500)
