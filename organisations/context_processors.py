"""What every page needs to know of the person: her menu."""

from django.http import HttpRequest

from core import navigation as menu
from organisations import jurisdiction


def navigation(request: HttpRequest) -> dict:
    """``menu``: the entries that this person may open; ``menu_sections``: the same, grouped."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"menu": [], "menu_sections": []}
    shown = menu.entries(jurisdiction.permissions(user))
    return {"menu": shown, "menu_sections": menu.sections(shown)}
