"""What the programme asks of official figures; sessions left out of them, and brought back."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import FormView

from observation import queries
from observation.actions import quality
from observation.forms.quality import QualityRulesForm, ReasonForm
from observation.models import ObservationSession
from organisations import jurisdiction
from organisations.adapters import ScopedMixin, SignedInRequest
from organisations.models import User
from organisations.queries import read_centres

PER_PAGE = 25


class QualityRulesEdit(ScopedMixin, FormView):
    """The rules of official figures, double coding and drift."""

    permission = "observation.quality_rules"
    form_class = QualityRulesForm
    template_name = "observation/quality_rules_edit.html"
    success_url = reverse_lazy("observation:quality_rules_edit")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": queries.rules()}

    def form_valid(self, form):
        quality.change(rules=form.instance, by=cast(User, self.request.user))
        messages.success(self.request, _("Saved. Figures follow these rules from now on."))
        return super().form_valid(form)


class LeftOutList(ScopedMixin, View):
    """Official sessions that figures leave out, and why; those that were brought back."""

    permission = "observation.quality"

    def get(self, request: SignedInRequest) -> HttpResponse:
        closed = queries.closed(queries.readable_by(self._all(), request.user))
        rows = queries.left_out(closed)
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        read_centres(session.unit for session in page.object_list)
        permissions = jurisdiction.permissions(request.user)
        context = {"page": page, "permissions": permissions}
        return render(request, "observation/left_out_list.html", context)

    def _all(self):
        return self.scoped(ObservationSession.objects.all())


class SessionReinstate(ScopedMixin, View):
    """Bring a session back into official figures, with the reason."""

    permission = "observation.reinstate"

    def get(self, request: SignedInRequest, pk) -> HttpResponse:
        return self._page(request, self._session(pk), ReasonForm())

    def post(self, request: SignedInRequest, pk) -> HttpResponse:
        session, form = self._session(pk), ReasonForm(request.POST)
        if not form.is_valid():
            return self._page(request, session, form, status=400)
        quality.reinstate(session=session, by=request.user, **form.cleaned_data)
        messages.success(request, _("The session counts in official figures again."))
        return redirect("observation:session_detail", pk)

    def _session(self, pk) -> ObservationSession:
        rows = queries.readable_by(self.scoped(ObservationSession.objects.all()), self.person)
        rows = queries.with_flags(rows).select_related("unit", "observer")
        return get_object_or_404(rows, pk=pk)

    def _page(self, request, session, form: ReasonForm, status: int = 200) -> HttpResponse:
        context = {"session": session, "form": form}
        return render(request, "observation/session_reinstate.html", context, status=status)
