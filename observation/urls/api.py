from django.urls import path

from observation import api

app_name = "observation_api"

urlpatterns = [
    path("sessions/", api.SessionList.as_view(), name="session_list"),
    path("sessions/<uuid:pk>/", api.SessionDetail.as_view(), name="session_detail"),
    path("ratings/", api.RatingList.as_view(), name="rating_list"),
    path("scores/", api.ScoreList.as_view(), name="score_list"),
    path("instruments/", api.InstrumentList.as_view(), name="instrument_list"),
    path(
        "instruments/<slug:code>/<int64:number>/",
        api.InstrumentDetail.as_view(),
        name="instrument_detail",
    ),
]
