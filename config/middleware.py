"""What every request passes: the content security policy and refusals put as pages."""

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config import errors
from core.refusals import Refusal


class ContentSecurityMiddleware(CSPMiddleware):
    """The strict policy everywhere, Wagtail's own one inside the editor."""

    def get_policy_parts(self, request, response, report_only: bool = False) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(settings.EDITOR_URL) and not report_only:
            parts.replace = settings.EDITOR_SECURITY_POLICY
        return parts


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
