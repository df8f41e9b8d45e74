from django.urls import path

from observation import api

app_name = "observation_api"

urlpatterns = [
    path("sessions/", api.SessionList.as_view(), name="session_list"),
    path("sessions/<uuid:pk>/", api.SessionDetail.as_view(), name="session_detail"),
]
