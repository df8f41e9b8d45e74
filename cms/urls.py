from django.conf import settings
from django.urls import path

from cms import views

urlpatterns = [
    path(f"{settings.EDITOR_URL.lstrip('/')}login/", views.editor_login, name="editor_login"),
    path("caja/", views.toolkit, name="toolkit"),
    path(f"{settings.MEDIA_URL.lstrip('/')}<path:path>", views.media, name="media"),
]
