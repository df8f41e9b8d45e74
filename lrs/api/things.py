"""What is known of agents, of activities, and of the store: 1.0.3, Part Three, 2.4, 2.5, 2.8."""

from django.http import JsonResponse
from rest_framework.permissions import AllowAny

from lrs import formats, keys, queries
from lrs.api.parameters import agent
from lrs.api.resources import ResourceView, parameters
from lrs.enums import Scope
from lrs.validation import rules as rule

VERSIONS = ["1.0.0", "1.0.1", "1.0.2", "1.0.3", "2.0.0"]


class AgentsView(ResourceView):
    """``/xapi/agents``: a person, by all names that statements gave the agent."""

    read_scopes = (Scope.ALL_READ, Scope.READ, Scope.PROFILE)
    http_method_names = ["get", "head", "options"]

    def get(self, request) -> JsonResponse:
        asked = agent(parameters(request, needed=("agent",))["agent"])
        person = {"objectType": "Person"}
        if names := queries.names_of(asked):
            person["name"] = names
        kind = keys.identifier(asked)[0]
        return JsonResponse(person | {kind: [asked[kind]]})


class ActivitiesView(ResourceView):
    """``/xapi/activities``: an activity with all that is known of it."""

    read_scopes = (Scope.ALL_READ, Scope.READ, Scope.PROFILE, Scope.STATE)
    http_method_names = ["get", "head", "options"]

    def get(self, request) -> JsonResponse:
        iri = parameters(request, needed=("activityId",))["activityId"]
        rule.iri(iri, "activityId")
        known = formats.definitions([iri])
        defined = {"definition": known[iri]} if iri in known else {}
        return JsonResponse({"objectType": "Activity", "id": iri} | defined)


class AboutView(ResourceView):
    """``/xapi/about``: open to everybody, whatever version they speak."""

    authentication_classes = []
    permission_classes = [AllowAny]
    http_method_names = ["get", "head", "options"]

    def check_version(self) -> None:
        """2.8: no version is refused here."""

    def get(self, request) -> JsonResponse:
        parameters(request)
        return JsonResponse({"version": VERSIONS, "extensions": {}})
