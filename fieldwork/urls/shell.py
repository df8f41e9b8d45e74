from django.urls import path

from fieldwork.views import shell

app_name = "field"

urlpatterns = [
    path("", shell.page, name="page"),
    path("sw.js", shell.worker, name="worker"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("textos/<slug:language>.json", shell.texts, name="texts"),
]
