from django.urls import path, re_path

from fieldwork.api import blobs, records

app_name = "field_api"

urlpatterns = [
    path("me/", records.Me.as_view(), name="me"),
    path("agenda/", records.Agenda.as_view(), name="agenda"),
    path("records/<str:kind>/<uuid:pk>/", records.Records.as_view(), name="record"),
    re_path(r"^blobs/(?P<sha256>[0-9a-f]{64})/$", blobs.Blobs.as_view(), name="blob"),
]
