"""Some roles bring a second step or a passkey when they sign in; who has none sets it up first."""

from typing import cast

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.core.checks import Error, register
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from organisations import jurisdiction
from organisations.roles import ROLES

UNLOOKED = "_second_step_unlooked"  # in a session whose person has not been looked at yet


@register("security")
def roles_are_known(app_configs, **kwargs) -> list[Error]:
    """A role that is misspelt would ask nobody for a second step."""
    return [
        Error(
            f"SECOND_STEP_ROLES names “{role}”, which is no role.",
            hint=f"Roles are: {', '.join(ROLES)}.",
            id="organisations.E001",
        )
        for role in settings.SECOND_STEP_ROLES
        if role not in ROLES
    ]


def look_again(request: HttpRequest | None) -> None:
    """Her way in has changed: the next page looks whether it is enough."""
    if request is not None and settings.SECOND_STEP_ROLES:
        request.session[UNLOOKED] = True


def is_missing(user) -> bool:
    """``user`` holds a role that asks for a second step, and has none."""
    asked = not jurisdiction.roles(user).isdisjoint(settings.SECOND_STEP_ROLES)
    return asked and not is_mfa_enabled(user)


class SecondStepMiddleware:
    """Leads whoever lacks her second step to where she sets it up, and nowhere else.

    Looked at after each sign-in: to look on every page would cost queries on every page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.session.get(UNLOOKED) or self._is_on_the_way(request.path):
            return self.get_response(request)
        if request.user.is_authenticated and is_missing(request.user):
            return self._lead(request)
        del request.session[UNLOOKED]
        return self.get_response(request)

    @staticmethod
    def _is_on_the_way(path: str) -> bool:
        # Not the door she came in by: the recorder sends there whom the server refuses.
        door = reverse("account_login")
        account = door.removesuffix("login/")
        return path.startswith((account, reverse("language_set"))) and path != door

    @staticmethod
    def _lead(request: HttpRequest) -> HttpResponse:
        told = _("Your role needs a second step when you sign in. Set one up here, then go on.")
        if request.path.startswith(settings.FOR_PROGRAMS):
            return JsonResponse({"detail": told, "code": "second_step"}, status=401)
        waiting = cast(BaseStorage, messages.get_messages(request))
        if told not in map(str, waiting):
            messages.warning(request, told)
        waiting.used = False  # looked through, not shown
        return redirect("mfa_index")
