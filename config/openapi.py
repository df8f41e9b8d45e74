"""What the description of the API speaks of, and how it says that a key is needed."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension

READ_BY_PROGRAMS = "/api/observation/"


def documented(endpoints: list[tuple], **kwargs) -> list[tuple]:
    """The addresses for programs; xAPI has a standard of its own, the recorder speaks to us."""
    return [one for one in endpoints if one[0].startswith(READ_BY_PROGRAMS)]


class AccessTokenScheme(OpenApiAuthenticationExtension):
    """A person's access token, with the scope that the address asks for."""

    target_class = "organisations.adapters.TokenAuthentication"
    name = "accessToken"

    def get_security_definition(self, auto_schema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}

    def get_security_requirement(self, auto_schema) -> dict[str, list[str]]:
        return {self.name: [auto_schema.view.scope]}
