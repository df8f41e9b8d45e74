"""What is known of agents, of activities, and of the store: 1.0.3, Part Three, 2.4, 2.5, 2.8."""

from django.http import JsonResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
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
        rule.one_of("Agent")(asked.get("objectType", "Agent"), "agent.objectType")
        names, kind = queries.names_of(asked), keys.identifier(asked)[0]
        called = {"name": names} if names else {}
        return JsonResponse({"objectType": "Person"} | called | {kind: [asked[kind]]})


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


class NowhereView(ResourceView):
    """Any other address below ``/xapi/``: 404 in JSON, not a page."""

    authentication_classes = []
    permission_classes = [AllowAny]

    def initial(self, request, *args, **kwargs):
        raise NotFound(_("There is no such resource."))
