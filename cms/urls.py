from django.conf import settings
from django.urls import path
from wagtail.admin.auth import require_admin_access

from cms import views

EDITOR = settings.EDITOR_URL.lstrip("/")

urlpatterns = [
    # These two stand before Wagtail's own, which come later in config.urls.
    path(f"{EDITOR}login/", views.editor_login, name="editor_login"),
    path(
        f"{EDITOR}account/",
        require_admin_access(views.EditorAccount.as_view()),
        name="editor_account",
    ),
    path("caja/", views.toolkit, name="toolkit"),
    path(f"{settings.MEDIA_URL.lstrip('/')}<path:path>", views.media, name="media"),
]
