from django.urls import path

from fieldwork import api

app_name = "field_api"

urlpatterns = [
    path("me/", api.Me.as_view(), name="me"),
    path("agenda/", api.Agenda.as_view(), name="agenda"),
    path("records/<str:kind>/<uuid:pk>/", api.Records.as_view(), name="record"),
]
