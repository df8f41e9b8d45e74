from django.urls import URLPattern, path

from fieldwork.views import held

app_name = "fieldwork"


def patterns(permission: str) -> list[URLPattern]:
    """The pages of what is held, for the kinds that are settled with ``permission``."""
    return [
        path("", held.HeldList.as_view(permission=permission), name="held_list"),
        path("<int64:pk>/", held.HeldDetail.as_view(permission=permission), name="held_detail"),
        path(
            "<int64:pk>/contenido.json",
            held.HeldBody.as_view(permission=permission),
            name="held_body",
        ),
        path(
            "<int64:pk>/reintentar/",
            held.HeldRetry.as_view(permission=permission),
            name="held_retry",
        ),
    ]


urlpatterns = patterns("fieldwork.settle")
