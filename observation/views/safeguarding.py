"""Safeguarding cases, for officers of child protection alone."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import FormView

from core.refusals import Refusal
from observation import queries
from observation.actions import cases
from observation.enums import CaseEntryKind, CaseStatus
from observation.forms.safeguarding import HandOverForm, LimitsForm, NoteForm
from observation.models import CaseEntry, SafeguardingCase
from organisations.adapters import ScopedMixin, SignedInRequest
from organisations.queries import read_centres

PER_PAGE = 25
# What an officer may do on the page of a case: its form, if it needs one, and the action.
MOVES: dict[str, tuple[type[forms.Form], Callable[..., Any]]] = {
    "take": (forms.Form, cases.take),
    "note": (NoteForm, cases.note),
    "hand_over": (HandOverForm, cases.hand_over),
    "close": (NoteForm, cases.close),
    "reopen": (NoteForm, cases.reopen),
}
OFFERED = {
    CaseStatus.OPEN: ["take", "note"],
    CaseStatus.IN_HAND: ["note", "hand_over", "close"],
    CaseStatus.HANDED_OVER: ["note", "close", "reopen"],
    CaseStatus.CLOSED: ["reopen"],
}


class ProtectedMixin(ScopedMixin):
    """Pages that no browser keeps and only officers open."""

    permission = "observation.safeguarding"

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def case(self, pk: int) -> SafeguardingCase:
        rows = SafeguardingCase.objects.select_related("unit", "officer")
        return get_object_or_404(self.scoped(rows), pk=pk)


class CaseList(ProtectedMixin, View):
    """Cases of one's jurisdiction: what is due first, what is over last."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        rows = queries.by_due(self.scoped(SafeguardingCase.objects.all()))
        rows = rows.select_related("unit", "officer")
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        read_centres(case.unit for case in page.object_list)
        context = {"page": page, "now": timezone.now()}
        return render(request, "observation/case_list.html", context)


class CaseDetail(ProtectedMixin, View):
    """One case: what was raised, what was done, what to do next. Reading it is noted in it."""

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        case = self.case(pk)
        cases.read(case=case, by=request.user)
        return self._page(request, case)

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        case = self.case(pk)
        form_class, act = MOVES.get(request.POST.get("act", ""), (None, None))
        if form_class is None or act is None:
            return redirect("observation:case_detail", pk)
        form = form_class(request.POST, auto_id=f"{request.POST['act']}-%s")
        if form.is_valid():
            try:
                act(case=case, by=request.user, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Written down in the case."))
                return redirect("observation:case_detail", pk)
        return self._page(request, case, request.POST["act"], form)

    def _page(self, request, case: SafeguardingCase, act: str = "", sent=None) -> HttpResponse:
        mine = case.officer_id == request.user.pk
        names = list(OFFERED[CaseStatus(case.status)])
        if case.status == CaseStatus.IN_HAND and not mine:
            names = ["take", "note"]
        elif case.status == CaseStatus.HANDED_OVER and not mine:
            names = ["note", "reopen"]
        if sent is not None and act not in names:
            names.append(act)  # from a page that was older than the case: it says why not
        context = {
            "case": case,
            "mine": mine,
            "now": timezone.now(),
            "alerts": case.alerts.select_related("item", "observer").order_by("raised_at"),
            "entries": case.entries.select_related("by"),
            "act": act,
            "moves": {
                name: sent if name == act else MOVES[name][0](auto_id=f"{name}-%s")
                for name in names
            },
        }
        return render(request, "observation/case_detail.html", context)


class CaseNote(ProtectedMixin, View):
    """The note of a hand-over, to print and give along."""

    def get(self, request: SignedInRequest, pk: int, entry: int) -> HttpResponse:
        case = self.case(pk)
        rows = CaseEntry.objects.filter(case=case, kind=CaseEntryKind.HANDED_OVER)
        note = get_object_or_404(rows.select_related("by"), pk=entry)
        cases.read(case=case, by=request.user)
        alerts = case.alerts.filter(raised_at__lte=note.at).select_related("item", "observer")
        context = {"case": case, "note": note, "alerts": alerts.order_by("raised_at")}
        return render(request, "observation/case_note.html", context)


class LimitsEdit(ScopedMixin, FormView):
    """How soon a case must be taken and handed over; shows no case."""

    permission = "observation.safeguarding_limits"
    form_class = LimitsForm
    template_name = "observation/safeguarding_limits.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": cases.limits_in_force()}

    def form_valid(self, form):
        cases.change_limits(by=self.person, **form.cleaned_data)
        messages.success(self.request, _("Saved. Cases opened from now on have these limits."))
        return redirect("observation:safeguarding_limits")
