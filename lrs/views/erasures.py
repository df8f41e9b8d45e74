"""People who are to be nameless: one by one, and by rule."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, ListView

from core.refusals import Refusal
from lrs import keys
from lrs.actions import erasures, retention
from lrs.forms.records import ErasureForm, RetentionForm
from lrs.models import Erasure
from lrs.views.records import PERMISSION
from organisations.adapters import ScopedMixin, SignedInRequest


class ErasureList(ScopedMixin, ListView):
    """What was erased and how much was changed, unfinished ones with their progress; the rule."""

    permission = PERMISSION
    template_name = "lrs/erasure_list.html"
    paginate_by = 50

    def get_queryset(self):
        return Erasure.objects.defer("sought")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"rule": retention.rule()}


@method_decorator(never_cache, name="dispatch")
class ErasureBegin(ScopedMixin, View):
    """Say who, see how much it concerns, then decide. Who it is, stands in no address."""

    permission = PERMISSION

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self._page(ErasureForm())

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = ErasureForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=400)
        people, reason = form.cleaned_data["people"], form.cleaned_data["reason"]
        if "confirmed" not in request.POST:
            return self._page(form, **_preview(people))
        try:
            begun = erasures.begin(agents=people, reason=reason, by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return self._page(form, status=400)
        erasures.go_on_later.enqueue(begun.pk)
        messages.success(request, _("The erasure is recorded, and goes on by itself."))
        return redirect("erasure_list")

    def _page(self, form: ErasureForm, status: int = 200, **context) -> HttpResponse:
        context |= {"form": form}
        return render(self.request, "lrs/erasure_begin.html", context, status=status)


class ErasureGoOn(ScopedMixin, View):
    """Take up an erasure that stopped."""

    permission = PERMISSION
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        begun = get_object_or_404(Erasure, pk=pk, finished_at=None)
        erasures.go_on_later.enqueue(begun.pk)
        messages.success(request, _("The erasure goes on by itself."))
        return redirect("erasure_list")


class RetentionEdit(ScopedMixin, FormView):
    """For how long people keep their names."""

    permission = PERMISSION
    template_name = "lrs/retention_edit.html"
    form_class = RetentionForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": retention.rule()}

    def form_valid(self, form: RetentionForm) -> HttpResponse:
        retention.change(by=self.person, **form.cleaned_data)
        messages.success(self.request, _("The rule is saved. It is applied each night."))
        return redirect("erasure_list")


def _preview(people: list[dict[str, Any]]) -> dict[str, Any]:
    """How much it concerns, and how each line was read."""
    return {
        "found": erasures.mentioning(erasures.identifiers(people)).count(),
        "read_as": [(name, " ".join(value)) for name, *value in map(keys.identifier, people)],
    }
