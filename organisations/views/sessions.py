"""Where one is signed in."""

from dataclasses import dataclass

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from organisations.actions import sessions
from organisations.adapters import SignedInRequest

# What a browser says of itself, and what people call it; most say the later ones too.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Browser:
    """A browser in which one is signed in."""

    session: UserSession
    is_here: bool

    @property
    def name(self) -> str:
        """The browser and its system in the words of who uses them; "" where it says neither."""
        said = self.session.user_agent
        known = (BROWSERS, SYSTEMS)
        found = (next((name for sign, name in signs if sign in said), "") for signs in known)
        return ", ".join(filter(None, found))


class OwnSessions(LoginRequiredMixin, View):
    """One's own sessions, and a button that ends all the others once one has proven who one is."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        here = request.session.session_key
        known = UserSession.objects.purge_and_list(request.user)
        known.sort(key=lambda one: one.created_at)
        browsers = [Browser(one, is_here=one.session_key == here) for one in known]
        return render(request, "organisations/own_sessions.html", {"browsers": browsers})

    @method_decorator(reauthentication_required)
    def post(self, request: SignedInRequest) -> HttpResponse:
        sessions.end(user=request.user, by=request.user, kept=request.session.session_key)
        messages.success(request, _("You are signed out everywhere but here."))
        return redirect("own_sessions")
