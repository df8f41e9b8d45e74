"""Every route of the house. tests/test_jurisdiction.py walks them all."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from organisations.views import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("core.urls")),
    path("", include("organisations.urls")),
    path("", include("analytics.urls")),
    path("", include("cms.urls")),
    path("", include("lms.urls")),
    path("", include("lrs.urls")),
    path("campo/", include("fieldwork.urls.shell")),
    path("campo/retenidos/", include("fieldwork.urls.held")),
    path("api/field/", include("fieldwork.urls.api")),
    path("observacion/", include("observation.urls")),
    path("api/observation/", include("observation.urls.api")),
    path("certificados/", include("observation.urls.certificates")),
    # With its slash: an address without one is first sent to that with it.
    re_path(r"^api/(?P<anywhere>.*)/$", api.Nowhere.as_view(), name="api_nowhere"),
    path("mentoria/", include("mentoring.urls")),
    path("visitas/", include("visits.urls")),
    path("cuenta/", include("allauth.urls")),
    path(settings.EDITOR_URL.lstrip("/"), include(wagtailadmin_urls)),
    path("documentos/", include(wagtaildocs_urls)),
]
urlpatterns += i18n_patterns(path("", include(wagtail_urls)))

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler429 = "config.errors.too_many"
handler500 = "config.errors.server_error"
