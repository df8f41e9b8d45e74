from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from organisations import home as home_page
from organisations import jurisdiction
from organisations.adapters import SignedInRequest
from organisations.queries import read_centres

FIRST = 5  # steps that home shows at once


def front(request: HttpRequest) -> HttpResponse:
    """The address without a path: one's own home, or the public front page."""
    if request.user.is_authenticated:
        return redirect("home")
    return redirect("wagtail_serve", "")


@login_required
def home(request: SignedInRequest) -> HttpResponse:
    """What to do next, by role."""
    permissions = jurisdiction.permissions(request.user)
    steps = home_page.next_steps(request.user, permissions)
    posts = list(request.user.posts.in_force().select_related("unit"))
    read_centres(post.unit for post in posts)
    shown = steps if "all" in request.GET else steps[:FIRST]
    context = {"steps": shown, "more": len(steps) - len(shown), "posts": posts}
    context["today"] = timezone.localdate()
    return render(request, "organisations/home.html", context)
