"""How pages, API, forms and the editor ask jurisdiction: four thin adapters and no rule."""

from typing import TYPE_CHECKING, cast

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from django import forms
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework import authentication, exceptions, permissions, throttling
from rest_framework.filters import BaseFilterBackend
from wagtail.permission_policies.base import BasePermissionPolicy

from organisations import jurisdiction
from organisations.jurisdiction import ScopedQuerySet

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from organisations.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs herself up: accounts come with a post, given by a coordinator."""

    def is_open_for_signup(self, request) -> bool:
        return False


def sign_in_name(request, credentials: dict | None = None) -> str:
    """The address whose failed sign-ins axes counts, whichever form the password came through."""
    given = credentials or {}
    name = given.get("email") or given.get("username") or request.POST.get("login") or ""
    return name.strip().lower()


def client_address(request: HttpRequest) -> str | None:
    """Where a request comes from, for axes as for allauth: one rule about proxies serves both.

    None where a program signs in without a request of anybody.
    """
    if "REMOTE_ADDR" not in request.META:
        return None
    return get_adapter(request).get_client_ip(request)


class SignedInRequest(HttpRequest):
    """A request behind ``login_required``: the person is known. For type hints."""

    user: "User"
    htmx: "HtmxDetails"


class ScopedMixin(LoginRequiredMixin):
    """A view over rows within the jurisdiction of ``permission``.

    Who holds the permission nowhere gets 403; a row outside is not there: 404.
    """

    permission: str = ""
    request: HttpRequest

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and self.permission not in jurisdiction.permissions(
            request.user
        ):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def person(self) -> "User":
        """Who asks; past the door above she is known."""
        return cast("User", self.request.user)

    def scoped(self, queryset: ScopedQuerySet) -> ScopedQuerySet:
        """The rows of ``queryset`` that the person of this request may touch."""
        return queryset.visible_to(self.request.user, self.permission)

    def get_queryset(self) -> QuerySet:
        return self.scoped(super().get_queryset())  # type: ignore[misc]  # of the view mixed in


class ScopedFilterBackend(BaseFilterBackend):
    """The API's view of jurisdiction; a view over scoped rows names its ``permission``."""

    def filter_queryset(self, request, queryset, view):
        if isinstance(queryset, ScopedQuerySet):
            return queryset.visible_to(request.user, view.permission)
        return queryset


class TokenAuthentication(authentication.BaseAuthentication):
    """``Authorization: Bearer …`` with a person's access token."""

    def authenticate(self, request):
        word, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if word.lower() != "bearer":
            return None
        from organisations.actions import tokens  # noqa: PLC0415 — adapters load before models are ready

        token = tokens.recognise(secret.strip())
        if token is None:
            raise exceptions.AuthenticationFailed(_("This key is not known, over, or taken back."))
        return token.user, token

    def authenticate_header(self, request) -> str:
        return "Bearer"


class HoldsPermission(permissions.IsAuthenticated):
    """Whoever holds the view's ``permission`` somewhere; a token needs the ``scope``, too."""

    def has_permission(self, request, view) -> bool:
        held = super().has_permission(request, view)
        if not held or view.permission not in jurisdiction.permissions(request.user):
            return False
        if request.auth is None or view.scope in request.auth.scopes:
            return True
        self.message = _("This key lacks “%(scope)s”. Make one that has it.") % {
            "scope": view.scope
        }
        return False


class PerPerson(throttling.UserRateThrottle):
    """So many requests of one person, whichever of her tokens they come with."""

    scope = "api"


class ScopedChoiceField(forms.ModelChoiceField):
    """A choice among rows within jurisdiction; call ``limit(user)`` in the form's ``__init__``."""

    def __init__(self, queryset, *, permission: str, **kwargs):
        self.permission = permission
        super().__init__(queryset.none(), **kwargs)
        self.unlimited = queryset

    def limit(self, user) -> QuerySet:
        """Offer only what ``user`` may choose, and return it."""
        rows = self.unlimited.visible_to(user, self.permission)
        self.queryset = rows
        return rows


class ScopedPermissionPolicy(BasePermissionPolicy):
    """The Wagtail editor's view of jurisdiction for one model and the permission ``to_edit``."""

    def __init__(self, model, to_edit: str = "cms.edit"):
        super().__init__(model)
        self.to_edit = to_edit

    def user_has_permission(self, user, action) -> bool:
        return user.is_superuser or self.to_edit in jurisdiction.permissions(user)

    def users_with_any_permission(self, actions):
        from organisations import queries  # noqa: PLC0415 — wagtail_hooks load before models are ready

        return queries.people_with(self.to_edit)
