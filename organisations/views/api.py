"""What the API offers: as OpenAPI for programs, as a page for people."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext
from django.views import View
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularAPIView
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from organisations.adapters import TokenAuthentication
from organisations.views import api_words


class Schema(SpectacularAPIView):
    """OpenAPI 3.1 as JSON, in the language that is asked for."""

    renderer_classes = [OpenApiJsonRenderer]
    permission_classes = [AllowAny]
    authentication_classes = []


class Nowhere(APIView):
    """An address that the API does not have: a program is told so, not shown to a sign-in."""

    authentication_classes = [TokenAuthentication, SessionAuthentication]

    def perform_content_negotiation(self, request, force=False):
        return super().perform_content_negotiation(request, force=True)

    def initial(self, request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound(gettext("There is nothing at this address."))


class ApiIndex(View):
    """Each operation with what it takes and gives, read from the schema itself."""

    def get(self, request: HttpRequest) -> HttpResponse:
        schema = SchemaGenerator().get_schema(request=None, public=True)
        parts = schema["components"]["schemas"]
        operations = [
            {
                "path": path,
                "method": method.upper(),
                "title": told.get("summary", ""),
                "says": told.get("description", ""),
                "parameters": [
                    api_words.parameter(one, parts) for one in told.get("parameters", [])
                ],
                "fields": list(api_words.fields(api_words.row(told, parts), parts)),
                "paged": any(one["name"] == "limit" for one in told.get("parameters", [])),
                "scopes": [
                    scope
                    for rule in told.get("security", [])
                    for scopes in rule.values()
                    for scope in scopes
                ],
            }
            for path, methods in sorted(schema["paths"].items())
            for method, told in methods.items()
        ]
        context = {
            "operations": operations,
            "refusals": _refusals(schema),
            "language": translation.get_language(),
            "address": request.build_absolute_uri("/").rstrip("/"),
        }
        return render(request, "organisations/api_index.html", context)


def _refusals(schema: dict[str, Any]) -> list[tuple[str, str]]:
    """Status and reason of every refusal that some address may give."""
    found = {
        (status, told["description"])
        for methods in schema["paths"].values()
        for operation in methods.values()
        for status, told in operation["responses"].items()
        if status != "200"
    }
    return sorted(found)
