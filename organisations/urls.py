from django.urls import path

from organisations.views import (
    api,
    audit,
    first_days,
    home,
    imports,
    labels,
    profile,
    sessions,
    tokens,
    units,
)

urlpatterns = [
    path("", home.front, name="front"),
    path("inicio/", home.home, name="home"),
    path("primer-dia/", first_days.first_day_list, name="first_day_list"),
    path("primer-dia/<slug:reader>/", first_days.first_day, name="first_day"),
    path("mi-perfil/", profile.profile, name="profile"),
    path("mi-perfil/mis-datos.json", profile.own_data_export, name="own_data"),
    # Before allauth's own page at this address, which asks for no password again.
    path("cuenta/sessions/", sessions.OwnSessions.as_view(), name="own_sessions"),
    path("mi-perfil/llaves/", tokens.TokenList.as_view(), name="token_list"),
    path("mi-perfil/llaves/<int64:pk>/revocar/", tokens.TokenRevoke.as_view(), name="token_revoke"),
    path("api/", api.ApiIndex.as_view(), name="api_index"),
    path("api/schema/", api.Schema.as_view(), name="api_schema"),
    path("unidades/", units.UnitTops.as_view(), name="unit_list"),
    path("unidades/<slug:code>/", units.UnitDetail.as_view(), name="unit_detail"),
    path("unidades/<slug:code>/nombres/", labels.LabelEdit.as_view(), name="unit_labels"),
    path("bitacora/", audit.AuditList.as_view(), name="audit_list"),
    path("importar/", imports.kinds, name="import_kinds"),
    path("importar/<slug:kind>/", imports.Upload.as_view(), name="import_upload"),
    path(
        "importar/<slug:kind>/plantilla.<slug:form>",
        imports.Template.as_view(),
        name="import_template",
    ),
    path("importar/<slug:kind>/<uuid:pk>/", imports.Confirm.as_view(), name="import_confirm"),
]
