"""What every request passes: security policy, caches, a look for NUL, refusals put as pages."""

from csp.constants import SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware import locale
from django.urls import Resolver404, resolve
from django_structlog.middlewares import RequestMiddleware

from config import errors
from core.refusals import Refusal


class HttpsForProgramsMiddleware:
    """A person who forgets https is led to it; a program is refused.

    Led on, it would send its key in the clear each time and nobody would notice.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        in_clear = settings.SECURE_SSL_REDIRECT and not request.is_secure()
        if in_clear and request.path.startswith(settings.FOR_PROGRAMS):
            return JsonResponse({"detail": "Use https."}, status=403)
        return self.get_response(request)


class NoStoreMiddleware:
    """What is made for a person stays in no cache, unless its view says otherwise.

    Told by what the request brought, since to ask who it is would cost a query on every page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if session or "Authorization" in request.headers:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class RequestLogMiddleware(RequestMiddleware):
    """Each request in the log by its route.

    The address itself may hold a key to somebody's account, and a query what somebody looked for.
    """

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        try:
            match = request.resolver_match or resolve(request.path_info)
            return f"{request.method} /{match.route}"
        except Resolver404:
            return f"{request.method} (no such page)"


class ContentSecurityMiddleware(CSPMiddleware):
    """The strict policy everywhere, Wagtail's own one inside the editor.

    A preview is a page of ours in a frame of the editor, asked for under the page's own address.
    """

    def get_policy_parts(self, request, response, report_only: bool = False) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(settings.EDITOR_URL) and not report_only:
            parts.replace = settings.EDITOR_SECURITY_POLICY
        elif getattr(request, "is_preview", False):
            parts.replace = {"frame-ancestors": [SELF]}
        return parts


class LocaleMiddleware(locale.LocaleMiddleware):
    """A missing page may stand under /es/; a missing row of a page that is there does not.

    Django redirects every 404 to the same address with a language in front as soon as some
    pattern there fits, and Wagtail's pattern fits everything.
    """

    def process_response(self, request, response):
        if response.status_code == 404 and getattr(request, "resolver_match", None) is not None:
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
            return response
        return super().process_response(request, response)


class NulMiddleware:
    """400 where the query of an address holds NUL: PostgreSQL takes it in no text.

    Nobody types it, and a view that filters by a word of the query would answer 500. Forms refuse
    it field by field, and keep what else was entered.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any("\0" in value for _name, values in request.GET.lists() for value in values):
            return errors.bad_request(request)
        return self.get_response(request)


class RefusalMiddleware:
    """A policy that says no becomes a 409 page (or JSON) with its sentence."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception):
        if not isinstance(exception, Refusal):
            return None
        return errors.conflict(request, exception)
