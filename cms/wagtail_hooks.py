from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.models import Film


class FilmViewSet(SnippetViewSet):
    """Films in the editor's menu."""

    model = Film
    icon = "media"
    add_to_admin_menu = True
    list_display = ["title", "seconds"]
    search_fields = ["title"]


register_snippet(FilmViewSet)
