from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from organisations import home as home_page
from organisations import jurisdiction


def front(request: HttpRequest) -> HttpResponse:
    """The address without a path: one's own home, or the public front page."""
    if request.user.is_authenticated:
        return redirect("home")
    return redirect("wagtail_serve", "")


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """What to do next, by role."""
    permissions = jurisdiction.permissions(request.user)
    steps = home_page.next_steps(request.user, permissions)
    posts = request.user.posts.in_force().select_related("unit")
    context = {"steps": steps, "posts": posts, "today": timezone.localdate()}
    return render(request, "organisations/home.html", context)


def editor_door(request: HttpRequest) -> HttpResponse:
    """Where Wagtail sends whoever may not edit: to sign in, or away when signed in."""
    if request.user.is_authenticated:
        raise PermissionDenied
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = settings.EDITOR_URL
    return redirect_to_login(target)
