from django.urls import path

from observation.urls.instruments import ALL, ONE
from observation.views import instrument_files

# Before those of one instrument: “traer” is no code of any.
urlpatterns = [
    path(f"{ALL}esquema.json", instrument_files.schema, name="instrument_schema"),
    path(f"{ALL}traer/", instrument_files.InstrumentUpload.as_view(), name="instrument_upload"),
    path(
        f"{ALL}traer/<uuid:pk>/",
        instrument_files.InstrumentConfirm.as_view(),
        name="instrument_confirm",
    ),
    path(f"{ONE}archivos/", instrument_files.VersionFiles.as_view(), name="version_files"),
    path(
        f"{ONE}<str:form>",
        instrument_files.VersionDownload.as_view(),
        name="version_download",
    ),
]
