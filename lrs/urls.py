from django.urls import path, re_path

from lrs.api import documents, things
from lrs.api.statements import StatementsView

urlpatterns = [
    path("xapi/statements", StatementsView.as_view(), name="xapi_statements"),
    path("xapi/activities/state", documents.StateView.as_view(), name="xapi_state"),
    path(
        "xapi/activities/profile",
        documents.ActivityProfileView.as_view(),
        name="xapi_activity_profile",
    ),
    path("xapi/activities", things.ActivitiesView.as_view(), name="xapi_activities"),
    path("xapi/agents/profile", documents.AgentProfileView.as_view(), name="xapi_agent_profile"),
    path("xapi/agents", things.AgentsView.as_view(), name="xapi_agents"),
    path("xapi/about", things.AboutView.as_view(), name="xapi_about"),
    re_path(r"^xapi/(?P<anywhere>.*)$", things.NowhereView.as_view(), name="xapi_nowhere"),
]
