"""The page on which a programme changes its rules of showing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from observation import queries
from observation.actions import showing
from observation.forms.seeing import ShowingForm
from organisations.adapters import ScopedMixin, SignedInRequest


class ShowingEdit(ScopedMixin, View):
    """How small a group is still shown, and how large an export is made at once."""

    permission = "observation.configure"

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self._page(ShowingForm(instance=queries.showing_rule()))

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = ShowingForm(request.POST, instance=queries.showing_rule())
        if not form.is_valid():
            return self._page(form, status=400)
        showing.change(values=form.cleaned_data, by=request.user)
        messages.success(request, _("Saved. The pages show by the new rules from now on."))
        return redirect("observation:showing_edit")

    def _page(self, form: ShowingForm, status: int = 200) -> HttpResponse:
        return render(self.request, "observation/showing_edit.html", {"form": form}, status=status)
