"""The clients of the store: what they may do, whether they come, and new ones."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from core.refusals import Refusal
from lrs.actions import credentials
from lrs.enums import Scope
from lrs.forms.records import ClientForm, ScopesForm
from lrs.models import Credential
from lrs.views.records import PERMISSION
from organisations.adapters import ScopedMixin, SignedInRequest


@method_decorator(never_cache, name="dispatch")
class ClientList(ScopedMixin, View):
    """All clients, and a form for another; its secret is only on the page that answers."""

    permission = PERMISSION

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self._page(ClientForm())

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = ClientForm(request.POST)
        if form.is_valid():
            try:
                made, secret = credentials.issue(by=request.user, **form.cleaned_data)
            except IntegrityError:  # of the same name, at the same moment
                form.add_error("name", _("There is a client of this name. Choose another one."))
            else:
                return self._page(ClientForm(), made=made, secret=secret)
        return self._page(form, status=400)

    def _page(self, form: ClientForm, status: int = 200, **context) -> HttpResponse:
        shown = sorted(Credential.objects.all(), key=_in_use_first)
        context |= {
            "form": form,
            "clients": [(one, _words(one)) for one in shown],
            "endpoint": self.request.build_absolute_uri(reverse("xapi_about")).removesuffix(
                "about"
            ),
        }
        return render(self.request, "lrs/client_list.html", context, status=status)


class ClientMixin(ScopedMixin):
    permission = PERMISSION
    kwargs: dict[str, Any]

    @property
    def client(self) -> Credential:
        return get_object_or_404(Credential, pk=self.kwargs["pk"])


class ClientDetail(ClientMixin, View):
    """What a client may do, to be changed."""

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        return self._page(ScopesForm(initial={"scopes": self.client.scopes}))

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        form = ScopesForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=400)
        try:
            credentials.change_scopes(credential=self.client, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return self._page(form, status=400)
        messages.success(request, _("Saved. It holds within ten seconds."))
        return redirect("client_detail", pk)

    def _page(self, form: ScopesForm, status: int = 200) -> HttpResponse:
        context = {"client": self.client, "words": _words(self.client), "form": form}
        return render(self.request, "lrs/client_detail.html", context, status=status)


class ClientRevoke(ClientMixin, View):
    """Let a client in no more, after asking."""

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        return render(request, "lrs/client_revoke.html", {"client": self.client})

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        credentials.revoke(credential=self.client, by=request.user)
        messages.success(request, _("The client is let in no more. What it stored stays."))
        return redirect("client_list")


def _words(client: Credential) -> str:
    known = dict(Scope.choices)
    return ", ".join(str(known.get(scope, scope)) for scope in client.scopes)


def _in_use_first(client: Credential) -> tuple[bool, str]:
    return client.revoked_at is not None, client.name.casefold()
