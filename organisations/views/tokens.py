"""A person's keys for programs."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from core.refusals import Refusal
from organisations import scopes
from organisations.actions import tokens
from organisations.adapters import SignedInRequest
from organisations.forms.tokens import TokenForm
from organisations.models import AccessToken


@method_decorator(never_cache, name="dispatch")
class TokenList(LoginRequiredMixin, View):
    """One's own keys, and a form for another; its secret is only on the page that answers."""

    request: SignedInRequest

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self._page(TokenForm())

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = TokenForm(request.POST)
        if form.is_valid():
            try:
                token, secret = tokens.make(by=request.user, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                return self._page(TokenForm(), made=token, secret=secret)
        return self._page(form, status=400)

    def _page(self, form: TokenForm, status: int = 200, **context) -> HttpResponse:
        context |= {
            "form": form,
            "tokens": AccessToken.objects.filter(user=self.request.user)[:50],
            "sentences": dict(scopes.choices()),
        }
        return render(self.request, "organisations/token_list.html", context, status=status)


class TokenRevoke(LoginRequiredMixin, View):
    """Take a key back."""

    http_method_names = ["post"]

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        token = get_object_or_404(AccessToken, pk=pk, user=request.user)
        tokens.revoke(token=token, by=request.user)
        messages.success(request, _("The key opens nothing any more."))
        return redirect("token_list")
