"""Two codes side by side, and the one that a third person settles on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from observation import policies, queries
from observation.actions import adjudications
from observation.forms.double import AdjudicateForm
from observation.models import CodingPair
from observation.queries import double
from organisations.adapters import ScopedMixin, SignedInRequest


class PairAdjudicate(ScopedMixin, View):
    """Each difference of the programme's step or more, with both notes."""

    permission = "observation.adjudicate"

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        pair = self._pair(pk)
        return self._page(request, pair, AdjudicateForm(cells=self._differences(pair)))

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        pair = self._pair(pk)
        form = AdjudicateForm(request.POST, cells=self._differences(pair))
        if not form.is_valid():
            return self._page(request, pair, form, status=400)
        adjudications.settle(pair=pair, codes=form.settled(), by=request.user)
        messages.success(request, _("Kept. Neither session has changed."))
        return redirect("observation:pair_detail", pk)

    def _pair(self, pk: int) -> CodingPair:
        rows = CodingPair.objects.select_related("room", "first", "second")
        pair = get_object_or_404(self.scoped(rows), pk=pk)
        policies.pair_is_complete(pair)
        policies.adjudicator_did_not_code(pair, self.person)
        return pair

    def _differences(self, pair: CodingPair) -> list[double.Cell]:
        step = queries.rules().adjudicate_from
        return [cell for cell in double.cells(pair) if cell.differs(step)]

    def _page(self, request, pair, form: AdjudicateForm, status: int = 200) -> HttpResponse:
        context = {"pair": pair, "form": form}
        return render(request, "observation/pair_adjudicate.html", context, status=status)
