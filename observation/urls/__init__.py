from django.urls import path

from observation.urls import (
    certification,
    instrument_files,
    instruments,
    paper,
    quality,
    safeguarding,
    seeing,
)
from observation.views import pictures, record, sessions

app_name = "observation"

urlpatterns = [
    path("", sessions.SessionList.as_view(), name="session_list"),
    *seeing.urlpatterns,
    path("nueva/", record.SessionBegin.as_view(), name="session_begin"),
    *instrument_files.urlpatterns,
    *instruments.urlpatterns,
    *paper.urlpatterns,
    *safeguarding.urlpatterns,
    *quality.urlpatterns,
    *certification.urlpatterns,
    path("<uuid:pk>/", sessions.SessionDetail.as_view(), name="session_detail"),
    path("<uuid:pk>/hoja.pdf", sessions.SessionPdf.as_view(), name="session_pdf"),
    path(
        "<uuid:pk>/fotos/<int64:number>/",
        pictures.SessionPicture.as_view(),
        name="session_picture",
    ),
    path("<uuid:pk>/ciclo/<int64:number>/", record.SessionRecord.as_view(), name="session_record"),
    path("<uuid:pk>/revisar/", record.SessionReview.as_view(), name="session_review"),
    path("<uuid:pk>/corregir/", record.SessionCorrect.as_view(), name="session_correct"),
    path("<uuid:pk>/descartar/", record.SessionDiscard.as_view(), name="session_discard"),
]
