from django.urls import path

from observation.views import authoring, draft_parts, instruments, versions

ALL, ONE = "instrumentos/", "instrumentos/<slug:code>/<int64:number>/"
PART = f"{ONE}editar/<slug:kind>/<str:part>/"
CHANGES = f"{ONE}cambios/<int64:other>/"

urlpatterns = [
    path(ALL, instruments.InstrumentList.as_view(), name="instrument_list"),
    path(f"{ALL}nuevo/", authoring.InstrumentStart.as_view(), name="instrument_start"),
    path(
        f"{ALL}<slug:code>/nueva-version/", authoring.VersionStart.as_view(), name="version_start"
    ),
    path(ONE, instruments.InstrumentDetail.as_view(), name="instrument_detail"),
    path(f"{ONE}editar/", authoring.DraftEdit.as_view(), name="draft_edit"),
    path(f"{ONE}reglas/", draft_parts.RulesEdit.as_view(), name="draft_rules"),
    path(f"{ONE}agregar/<slug:kind>/", draft_parts.PartEdit.as_view(), name="draft_add"),
    path(f"{ONE}pasos/<str:part>/", draft_parts.AnchorsEdit.as_view(), name="draft_anchors"),
    path(PART, draft_parts.PartEdit.as_view(), name="draft_part"),
    path(f"{PART}mover/", draft_parts.PartMove.as_view(), name="draft_move"),
    path(f"{PART}quitar/", draft_parts.PartRemove.as_view(), name="draft_remove"),
    path(f"{ONE}descartar/", authoring.DraftDiscard.as_view(), name="draft_discard"),
    path(f"{ONE}vista-previa/", versions.VersionPreview.as_view(), name="version_preview"),
    path(f"{ONE}publicar/", versions.VersionPublish.as_view(), name="version_publish"),
    path(f"{ONE}retirar/", versions.VersionRetire.as_view(), name="version_retire"),
    path(CHANGES, versions.VersionChanges.as_view(), name="version_changes"),
    path(
        f"{CHANGES}cambios.<slug:form>",
        versions.VersionChangesFile.as_view(),
        name="version_changes_file",
    ),
]
