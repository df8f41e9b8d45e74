"""What the API offers: as OpenAPI for programs, as a page for people."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views import View
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny


class Schema(SpectacularAPIView):
    """OpenAPI 3.1 as JSON, in the language that is asked for."""

    renderer_classes = [OpenApiJsonRenderer]
    permission_classes = [AllowAny]
    authentication_classes = []


class ApiIndex(View):
    """Each operation with its parameters, read from the schema itself."""

    def get(self, request: HttpRequest) -> HttpResponse:
        schema = SchemaGenerator().get_schema(request=None, public=True)
        operations = [
            {
                "path": path,
                "method": method.upper(),
                "title": told.get("summary", ""),
                "says": told.get("description", ""),
                "parameters": [_parameter(one) for one in told.get("parameters", [])],
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
        context = {"operations": operations, "language": translation.get_language()}
        return render(request, "organisations/api_index.html", context)


def _parameter(told: dict[str, Any]) -> dict[str, Any]:
    schema = told.get("schema", {})
    values = [value for value in schema.get("enum", []) if value is not None]
    kind = schema.get("format") or schema.get("type", "")
    return {
        "name": told["name"],
        "where": told["in"],
        "says": told.get("description", ""),
        "kind": kind if isinstance(kind, str) else ", ".join(kind),
        "values": values,
    }
