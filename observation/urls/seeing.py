from django.urls import path

from observation.views import exports, seeing, showing

urlpatterns = [
    path("lugares/", seeing.PlaceList.as_view(), name="place_list"),
    path("salas/<slug:code>/", seeing.RoomView.as_view(), name="room_detail"),
    path("grupos/<slug:code>/", seeing.GroupView.as_view(), name="group_detail"),
    path("centros/<slug:code>/", seeing.CentreView.as_view(), name="centre_detail"),
    path("regiones/<slug:code>/", seeing.RegionView.as_view(), name="region_detail"),
    path("reglas/", showing.ShowingEdit.as_view(), name="showing_edit"),
    path("exportar/", exports.ExportList.as_view(), name="export_list"),
    path(
        "exportar/sin-identidad/",
        exports.DeidentifiedList.as_view(),
        name="export_deidentified",
    ),
    path("exportar/<uuid:pk>/", exports.ExportDetail.as_view(), name="export_detail"),
    path("exportar/<uuid:pk>/archivo.zip", exports.ExportFile.as_view(), name="export_file"),
]
