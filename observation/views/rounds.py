"""Official rounds: listed, opened, changed, and who evaluates which rooms in them."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from core.refusals import Refusal
from observation.actions import evaluations
from observation.forms.rounds import AssignForm, RoomsField, RoundForm, offered_rooms
from observation.models import EvaluationRound, RoundAssignment
from observation.queries import rounds as queries
from organisations.adapters import ScopedMixin, SignedInRequest
from organisations.enums import UnitKind
from organisations.models import Unit
from organisations.queries import read_centres

PER_PAGE = 25


class RoundMixin(ScopedMixin):
    permission = "observation.rounds"

    def evaluation(self, pk: int) -> EvaluationRound:
        rows = self.scoped(EvaluationRound.objects.select_related("unit"))
        return get_object_or_404(rows, pk=pk)


class RoundList(RoundMixin, View):
    """Rounds within jurisdiction and how far each is."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        rows = queries.with_planned(self.scoped(EvaluationRound.objects.all()))
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        queries.read_progress(page.object_list)
        return render(request, "observation/round_list.html", {"page": page})


class RoundWrite(RoundMixin, View):
    """Open a round, or change one."""

    def get(self, request: SignedInRequest, pk: int | None = None) -> HttpResponse:
        form = RoundForm(user=request.user, instance=self._round(pk))
        return render(request, "observation/round_write.html", {"form": form})

    def post(self, request: SignedInRequest, pk: int | None = None) -> HttpResponse:
        form = RoundForm(request.POST, user=request.user, instance=self._round(pk))
        if not form.is_valid():
            return render(request, "observation/round_write.html", {"form": form}, status=400)
        versions = form.cleaned_data["versions"]
        kept = evaluations.keep(evaluation=form.instance, versions=versions, by=request.user)
        messages.success(request, _("Saved. Now say who evaluates which rooms."))
        return redirect("observation:round_detail", kept.pk)

    def _round(self, pk: int | None) -> EvaluationRound | None:
        return None if pk is None else self.evaluation(pk)


class RoundDetail(RoundMixin, View):
    """The official visits of a round, and a form to give more."""

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        return self._page(request, self.evaluation(pk), None)

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        evaluation = self.evaluation(pk)
        form = AssignForm(request.POST, evaluation=evaluation)
        cast(RoomsField, form.fields["rooms"]).queryset = self._rooms(evaluation)
        if form.is_valid():
            try:
                made = evaluations.assign(
                    evaluation=evaluation, by=request.user, **form.cleaned_data
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                told = ngettext("%(n)s visit given.", "%(n)s visits given.", len(made))
                messages.success(request, told % {"n": len(made)})
                return redirect("observation:round_detail", pk)
        return self._page(request, evaluation, form)

    def _rooms(self, evaluation: EvaluationRound):
        return self.scoped(Unit.objects.of_kind(UnitKind.ROOM).within(evaluation.unit))

    def _page(self, request, evaluation: EvaluationRound, form: AssignForm | None) -> HttpResponse:
        search, found = offered_rooms(self._rooms(evaluation), request.POST or request.GET)
        form = form or AssignForm(evaluation=evaluation)
        cast(RoomsField, form.fields["rooms"]).offer(found)
        visits = evaluation.assignments.select_related("room", "observer")
        page = Paginator(visits, PER_PAGE).get_page(request.GET.get("page"))
        queries.read_sessions(page.object_list)
        read_centres(visit.room for visit in page.object_list)
        context = {"round": evaluation, "page": page, "form": form, "search": search}
        status = 400 if form.errors else 200
        return render(request, "observation/round_detail.html", context, status=status)


class VisitRelease(RoundMixin, View):
    """Take an official visit back."""

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        visit = get_object_or_404(self.scoped(RoundAssignment.objects.all()), pk=pk)
        evaluations.release(visit=visit, by=request.user)
        messages.success(request, _("The visit is taken back."))
        return redirect("observation:round_detail", visit.round_id)


class OwnVisits(ScopedMixin, View):
    """The official visits and double codings that one is to make."""

    permission = "observation.record"

    def get(self, request: SignedInRequest) -> HttpResponse:
        mine = RoundAssignment.objects.filter(
            observer=request.user, round__ends_on__gte=timezone.localdate()
        )
        visits = list(mine.select_related("room")[:PER_PAGE])
        queries.read_sessions(visits)
        read_centres(visit.room for visit in visits)
        return render(request, "observation/visit_own.html", {"visits": visits})
