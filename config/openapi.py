"""What the description of the API speaks of, and what it says of keys, answers and refusals."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension

READ_BY_PROGRAMS = "/api/observation/"


def documented(endpoints: list[tuple], **kwargs) -> list[tuple]:
    """The addresses for programs; xAPI has a standard of its own, the recorder speaks to us."""
    return [one for one in endpoints if one[0].startswith(READ_BY_PROGRAMS)]


def answered(result: dict[str, Any], **kwargs) -> dict[str, Any]:
    """What a serializer cannot say: answers are whole, and each address may refuse.

    Only reading is offered, so that whatever a part names is always there, null or not.
    """
    parts = result["components"]["schemas"]
    for part in parts.values():
        if "properties" in part:
            part["required"] = sorted(part["properties"])
            part["properties"] = {
                name: _nullable(told) for name, told in part["properties"].items()
            }
    parts["Refusal"] = {
        "type": "object",
        "description": _("Why not, in the language of the request; of a filter, under its name."),
    }
    for path, methods in result["paths"].items():
        for told in methods.values():
            told["responses"] |= _refusals(path, told)
    return result


def _nullable(told: dict[str, Any]) -> dict[str, Any]:
    """OpenAPI 3.1 knows no ``nullable``; the examples of pages lead elsewhere."""
    if not told.pop("nullable", False):
        return told
    told.pop("example", None)
    return told | {"type": [told["type"], "null"]}


def _refusals(path: str, told: dict[str, Any]) -> dict[str, Any]:
    says = {
        "401": _("No key, or one that is not known, over, or taken back."),
        "403": _("The key lacks what this address needs, or its person may not read it."),
        "429": _("Too many requests; Retry-After says for how many seconds to wait."),
    }
    if any(one["in"] == "query" for one in told["parameters"]):
        says["400"] = _("A filter that cannot be read, or a number of rows that is none.")
    if "{" in path:
        says["404"] = _("There is none, or it lies outside what its person may see.")
    elif any(one["name"] == "cursor" for one in told["parameters"]):
        says["404"] = _("A cursor that was not given here.")
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    return {status: {"description": why, "content": content} for status, why in says.items()}


class AccessTokenScheme(OpenApiAuthenticationExtension):
    """A person's access token, with the scope that the address asks for."""

    target_class = "organisations.adapters.TokenAuthentication"
    name = "accessToken"

    def get_security_definition(self, auto_schema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}

    def get_security_requirement(self, auto_schema) -> dict[str, list[str]]:
        return {self.name: [auto_schema.view.scope]}
