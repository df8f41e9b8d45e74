"""Double codings: drawn, paired, arranged, listed."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from core.refusals import Refusal
from observation import queries
from observation.actions import draws, pairs
from observation.enums import Purpose
from observation.forms.double import ArrangeForm, DrawForm, PairForm, observers_for
from observation.forms.quality import ReasonForm
from observation.forms.rounds import RoomField, offered_rooms
from observation.models import CodingDraw, CodingPair
from observation.queries import double
from organisations import jurisdiction
from organisations.adapters import ScopedMixin, SignedInRequest
from organisations.enums import UnitKind
from organisations.models import Unit
from organisations.queries import read_centres

PER_PAGE = 25


class PairList(ScopedMixin, View):
    """Double codings: under way, with differences to settle, or all."""

    permission = "observation.quality"

    def get(self, request: SignedInRequest) -> HttpResponse:
        rows: Any = self.scoped(CodingPair.objects.all())
        state = request.GET.get("state")
        if state == "open":
            rows = double.under_way(rows)
        elif state == "differ":
            rows = double.unsettled(rows, queries.rules().adjudicate_from)
        keys = rows.values_list("pk", flat=True)
        if state == "differ":
            keys = list(keys)  # from the ratings of all: to count them is to find them
        page = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
        found = list(double.shown(CodingPair.objects.filter(pk__in=list(page.object_list))))
        read_centres(pair.room for pair in found)
        context = {
            "page": page,
            "pairs": found,
            "state": state,
            "query": f"state={state}" if state in ("open", "differ") else "",
            "permissions": jurisdiction.permissions(request.user),
        }
        return render(request, "observation/pair_list.html", context)


class PairDetail(ScopedMixin, View):
    """One double coding: who, when, how far, and what may be done with it."""

    permission = "observation.quality"

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        pair = get_object_or_404(double.shown(self.scoped(CodingPair.objects.all())), pk=pk)
        held = jurisdiction.permissions(request.user)
        may_pair = "observation.pair" in held and pair.visible_to(request.user, "observation.pair")
        mine = request.user.pk in (pair.first_id, pair.second_id)
        context: dict[str, Any] = {"pair": pair, "mine": mine}
        begun = pair.codings.filter(session__observer=request.user)
        if pair.is_open and mine and not begun.exists():
            context["appointment"] = pair.appointment(request.user.pk == pair.second_id)
        if pair.is_open and may_pair:
            people = observers_for(request.user)
            context |= {"arrange": ArrangeForm(pair=pair, people=people), "cancel": ReasonForm()}
        if pair.completed_at is not None:
            step = queries.rules().adjudicate_from
            cells = [cell for cell in double.cells(pair) if cell.differs(step)]
            context |= {"cells": cells, "open": [cell for cell in cells if not cell.agreed]}
            context["may_settle"] = "observation.adjudicate" in held and not context["mine"]
        return render(request, "observation/pair_detail.html", context)


class PairMake(ScopedMixin, View):
    """Pair two observers by hand."""

    permission = "observation.pair"

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self._page(request, None)

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = PairForm(request.POST, people=observers_for(request.user))
        cast(RoomField, form.fields["room"]).queryset = self.scoped(
            Unit.objects.of_kind(UnitKind.ROOM)
        )
        if form.is_valid():
            try:
                pair = pairs.make(by=request.user, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                told = _("Paired. Neither sees the other’s codes until both close.")
                messages.success(request, told)
                return redirect("observation:pair_detail", pair.pk)
        return self._page(request, form)

    def _page(self, request: SignedInRequest, form: PairForm | None) -> HttpResponse:
        search, found = offered_rooms(self.scoped(Unit.objects.all()), request.POST or request.GET)
        initial = {"purpose": Purpose.FORMATIVE}
        form = form or PairForm(people=observers_for(request.user), initial=initial)
        cast(RoomField, form.fields["room"]).offer(found)
        context = {"form": form, "search": search}
        status = 400 if form.errors else 200
        return render(request, "observation/pair_make.html", context, status=status)


class PairMixin(ScopedMixin):
    permission = "observation.pair"

    def pair(self, pk: int) -> CodingPair:
        return get_object_or_404(self.scoped(CodingPair.objects.all()), pk=pk)


class PairArrange(PairMixin, View):
    """Say who goes along, and when."""

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        pair = self.pair(pk)
        form = ArrangeForm(request.POST, pair=pair, people=observers_for(request.user))
        if not form.is_valid():
            messages.error(request, _("Choose who goes along, and the day."))
        else:
            pairs.arrange(pair=pair, by=request.user, **form.cleaned_data)
            messages.success(request, _("Arranged. Both go on that day and code the same cycles."))
        return redirect("observation:pair_detail", pk)


class PairCancel(PairMixin, View):
    """Give a double coding up, with the reason."""

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        pair, form = self.pair(pk), ReasonForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Give the reason; it is kept and cannot be changed."))
        else:
            pairs.cancel(pair=pair, by=request.user, **form.cleaned_data)
            messages.success(request, _("The double coding is cancelled."))
        return redirect("observation:pair_detail", pk)


class DrawList(ScopedMixin, View):
    """The draws so far, and a form for the next."""

    permission = "observation.rounds"

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self._page(request, DrawForm(user=request.user))

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = DrawForm(request.POST, user=request.user)
        if form.is_valid():
            try:
                made = draws.draw(by=request.user, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                drawn = len(made.result)
                told = ngettext("%(n)s visit was drawn.", "%(n)s visits were drawn.", drawn)
                messages.success(request, told % {"n": drawn})
                return redirect("observation:draw_detail", made.pk)
        return self._page(request, form)

    def _page(self, request: SignedInRequest, form: DrawForm) -> HttpResponse:
        rows = self.scoped(CodingDraw.objects.select_related("unit"))
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        context = {"form": form, "page": page, "rules": queries.rules()}
        status = 400 if form.errors else 200
        return render(request, "observation/draw_list.html", context, status=status)


class DrawMixin(ScopedMixin):
    permission = "observation.rounds"

    def made(self, pk: int) -> CodingDraw:
        rows = CodingDraw.objects.select_related("unit", "drawn_by")
        return get_object_or_404(self.scoped(rows), pk=pk)


class DrawDetail(DrawMixin, View):
    """Seed, frame, result and whether they still fit; the pairs that wait for a second observer."""

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        made = self.made(pk)
        found = list(double.shown(made.pairs.order_by("planned_on", "pk")))
        read_centres(pair.room for pair in found)
        holds = draws.frame_hash(made.frame) == made.frame_hash
        context = {
            "draw": made,
            "pairs": found,
            "verified": holds and draws.repeat(made) == made.result,
        }
        return render(request, "observation/draw_detail.html", context)


class DrawFile(DrawMixin, View):
    """All that a third person needs to repeat the draw, as JSON."""

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        made = self.made(pk)
        names = ("seed", "share", "minimum", "frame_hash", "frame", "result")
        content = {"unit": made.unit.code, "month": f"{made.month:%Y-%m}"}
        content |= {name: getattr(made, name) for name in names}
        headers = {"Content-Disposition": f'attachment; filename="draw-{made.pk}.json"'}
        return JsonResponse(
            content, headers=headers, json_dumps_params={"ensure_ascii": False, "indent": 1}
        )
