from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_GET, require_POST

from core import gallery


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503; for the proxy, not for people."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "database unreachable"}, status=503)
    return JsonResponse({"status": "ok"})


@require_POST
def language_set(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie and go on where the person was."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES) and check_for_language(language):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
        )
    return response


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """The gallery: every component with its attributes and an example."""
    return render(request, "core/gallery.html", gallery.context())


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """What a service worker shows when the network is away."""
    return render(request, "offline.html")
