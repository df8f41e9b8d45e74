from django.urls import path, re_path

from lrs.api import documents, things
from lrs.api.statements import StatementsView
from lrs.views import clients, erasures, forwarding, health, records

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
    path("registros/", records.RecordList.as_view(), name="record_list"),
    path("registros/<uuid:pk>/", records.RecordDetail.as_view(), name="record_detail"),
    path("registros/<uuid:pk>/declaracion.json", records.RecordRaw.as_view(), name="record_raw"),
    path(
        "registros/<uuid:pk>/archivos/<str:sha2>", records.RecordFile.as_view(), name="record_file"
    ),
    path("registros/salud/", health.HealthDetail.as_view(), name="health_detail"),
    path("registros/clientes/", clients.ClientList.as_view(), name="client_list"),
    path("registros/clientes/<int64:pk>/", clients.ClientDetail.as_view(), name="client_detail"),
    path(
        "registros/clientes/<int64:pk>/revocar/",
        clients.ClientRevoke.as_view(),
        name="client_revoke",
    ),
    path("registros/anonimato/", erasures.ErasureList.as_view(), name="erasure_list"),
    path("registros/anonimato/persona/", erasures.ErasureBegin.as_view(), name="erasure_begin"),
    path(
        "registros/anonimato/<int64:pk>/seguir/",
        erasures.ErasureGoOn.as_view(),
        name="erasure_go_on",
    ),
    path("registros/anonimato/regla/", erasures.RetentionEdit.as_view(), name="retention_edit"),
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
