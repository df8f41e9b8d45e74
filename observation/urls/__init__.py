from django.urls import path

from observation.urls import safeguarding
from observation.views import instruments, record, sessions

app_name = "observation"

urlpatterns = [
    path("", sessions.SessionList.as_view(), name="session_list"),
    path("nueva/", record.SessionBegin.as_view(), name="session_begin"),
    *safeguarding.urlpatterns,
    path("instrumentos/", instruments.InstrumentList.as_view(), name="instrument_list"),
    path(
        "instrumentos/<slug:code>/<int64:number>/",
        instruments.InstrumentDetail.as_view(),
        name="instrument_detail",
    ),
    path("<uuid:pk>/", sessions.SessionDetail.as_view(), name="session_detail"),
    path("<uuid:pk>/hoja.pdf", sessions.SessionPdf.as_view(), name="session_pdf"),
    path("<uuid:pk>/ciclo/<int64:number>/", record.SessionRecord.as_view(), name="session_record"),
    path("<uuid:pk>/revisar/", record.SessionReview.as_view(), name="session_review"),
    path("<uuid:pk>/corregir/", record.SessionCorrect.as_view(), name="session_correct"),
    path("<uuid:pk>/descartar/", record.SessionDiscard.as_view(), name="session_discard"),
]
