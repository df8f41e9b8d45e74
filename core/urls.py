from django.urls import path

from core import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("idioma/", views.language_set, name="language_set"),
    path("galeria/", views.components, name="components"),
    path("sin-conexion/", views.offline, name="offline"),
]
