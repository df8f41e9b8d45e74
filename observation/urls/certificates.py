from django.urls import path

from observation.views import certificates

app_name = "certificates"

urlpatterns = [
    path("", certificates.CertificateSearch.as_view(), name="certificate_search"),
    path("<slug:code>/", certificates.CertificateCheck.as_view(), name="certificate_check"),
]
