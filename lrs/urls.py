from django.urls import path, re_path

from lrs.api import documents, things
from lrs.api.statements import StatementsView
from lrs.views import forwarding

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
    path("registros/destinos/", forwarding.DestinationList.as_view(), name="destination_list"),
    path("registros/destinos/nuevo/", forwarding.DestinationAdd.as_view(), name="destination_add"),
    path(
        "registros/destinos/<int64:pk>/",
        forwarding.DestinationDetail.as_view(),
        name="destination_detail",
    ),
    path(
        "registros/destinos/<int64:pk>/cambiar/",
        forwarding.DestinationEdit.as_view(),
        name="destination_edit",
    ),
    path(
        "registros/destinos/<int64:pk>/pausar/",
        forwarding.DestinationPause.as_view(),
        name="destination_pause",
    ),
    path(
        "registros/destinos/<int64:pk>/reanudar/",
        forwarding.DestinationResume.as_view(),
        name="destination_resume",
    ),
    path(
        "registros/destinos/<int64:pk>/quitar/",
        forwarding.DestinationRemove.as_view(),
        name="destination_remove",
    ),
    path(
        "registros/destinos/<int64:pk>/reenviar/",
        forwarding.DeliveriesSendAgain.as_view(),
        name="deliveries_send_again",
    ),
    path(
        "registros/destinos/<int64:pk>/reenviar/<int64:delivery>/",
        forwarding.DeliveriesSendAgain.as_view(),
        name="delivery_send_again",
    ),
]
