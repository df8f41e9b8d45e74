"""What every page needs to know of the person: her menu."""

from django.http import HttpRequest

from core import navigation as menu
from organisations import jurisdiction


def navigation(request: HttpRequest) -> dict:
    """``menu``: the entries that this person may open."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"menu": []}
    return {"menu": menu.entries(jurisdiction.permissions(user))}
