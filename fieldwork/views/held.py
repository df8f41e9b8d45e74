"""Records that wait for a person: which, why, what they say, and what becomes of them."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import ListView

from core.bodies import parse
from core.refusals import Refusal
from fieldwork import kinds, policies, queries
from fieldwork.actions import deliveries, settlements
from fieldwork.enums import Decision, DeliveryState
from fieldwork.forms import SettlementForm
from fieldwork.models import Delivery
from organisations.adapters import ScopedMixin, SignedInRequest
from organisations.queries import read_centres


@dataclass(frozen=True)
class Line:
    """One thing that a record says, beside what the other one says of it."""

    name: str
    said: str
    other: str
    differs: bool


def lines(delivery: Delivery, other: Delivery | None = None) -> list[Line]:
    """What ``delivery`` says, in its order, then what only ``other`` says."""
    said = _pairs(delivery)
    against = _pairs(other) if other else {}
    names = [*said, *(name for name in against if name not in said)]
    return [
        Line(name, one, two, other is not None and one != two)
        for name in names
        for one, two in [(said.get(name, "–"), against.get(name, "–"))]
    ]


def _pairs(delivery: Delivery) -> dict[str, str]:
    content = parse(bytes(delivery.body))["content"]
    kind = kinds.find(delivery.kind)
    # What is not of its kind is held too, and must be readable to be judged.
    if kind is None or kind.readable is None or delivery.code == "content":
        pairs = _flat(content)
    else:
        try:
            pairs = kind.readable(content)
        except ValueError:
            pairs = _flat(content)
    found: dict[str, str] = {}
    for name, text in pairs:
        found[name] = f"{found[name]}\n{text}" if name in found else text
    return found


def _flat(value: Any, *steps: str) -> list[tuple[str, str]]:
    """Any JSON as names (its steps) and values."""
    if isinstance(value, dict):
        return [pair for name, inner in value.items() for pair in _flat(inner, *steps, name)]
    if isinstance(value, list):
        numbered = enumerate(value, start=1)
        return [pair for number, inner in numbered for pair in _flat(inner, *steps, str(number))]
    return [(" · ".join(steps), "–" if value is None else str(value))]


class HeldMixin(ScopedMixin):
    """Deliveries of the kinds that are settled with ``permission``, within her jurisdiction."""

    permission = "fieldwork.settle"
    kwargs: dict[str, Any]

    def deliveries(self):
        rows = queries.settled_with(self.person, self.permission)
        return rows.select_related("unit", "sender_unit", "by")

    @property
    def space(self) -> str:
        """The namespace of these pages: restricted kinds have the same ones elsewhere."""
        match = self.request.resolver_match
        return match.namespace if match else ""

    @cached_property
    def delivery(self) -> Delivery:
        return get_object_or_404(self.deliveries(), pk=self.kwargs["pk"])


class HeldList(HeldMixin, ListView):
    """How many wait, since when and why; those set aside on request."""

    template_name = "fieldwork/held_list.html"
    paginate_by = 50

    def get_queryset(self):
        rows = self.deliveries().defer("body")
        if "set_aside" in self.request.GET:
            return rows.filter(state=DeliveryState.SET_ASIDE).order_by("-received_at", "-pk")
        return queries.waiting(rows)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        shown = list(context["page_obj"].object_list)
        read_centres(one.unit for one in shown if one.unit)
        aside = "set_aside" in self.request.GET
        rows = [(one, _label(one)) for one in shown]
        return context | {
            "rows": rows,
            "space": self.space,
            "aside": aside,
            "query": "set_aside" if aside else "",
        }


class HeldDetail(HeldMixin, View):
    """What one says, beside what it collides with, and the decision."""

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        return self._page(self._form())

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(form)
        decide = settlements.DECIDE[Decision(form.cleaned_data["decision"])]
        try:
            settled = decide(
                delivery=self.delivery, reason=form.cleaned_data["reason"], by=request.user
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return self._page(form)
        return self._told(settled)

    def _form(self, data=None) -> SettlementForm:
        kind = kinds.find(self.delivery.kind)
        choices = policies.choices(self.delivery, kind)
        meaning = str(kind.passable.get(self.delivery.code, "")) if kind else ""
        return SettlementForm(data, choices=choices, meaning=meaning)

    def _page(self, form: SettlementForm) -> HttpResponse:
        other = queries.other_than(self.delivery)
        kind = kinds.find(self.delivery.kind)
        read_centres([self.delivery.unit] if self.delivery.unit else [])
        context = {
            "delivery": self.delivery,
            "label": _label(self.delivery),
            "other": other,
            "elsewhere": self._elsewhere(kind, other),
            "lines": lines(self.delivery, other),
            "settlements": self.delivery.settlements.select_related("by"),
            "form": form,
            "own": self.delivery.by_id == self.person.pk,
            "space": self.space,
        }
        return render(self.request, "fieldwork/held_detail.html", context)

    def _elsewhere(self, kind: kinds.Kind | None, other: Delivery | None) -> str:
        """Where to read what it collides with, when that did not come from a phone."""
        rival = self.delivery.rival
        if kind is None or kind.address is None or other is not None or rival is None:
            return ""
        return kind.address(rival)

    def _told(self, settled: Delivery) -> HttpResponse:
        if settled.state == DeliveryState.HELD:
            sentence = _("It is still held: %(reason)s") % {"reason": settled.reason}
            messages.warning(self.request, sentence)
            return redirect(f"{self.space}:held_detail", settled.pk)
        sentence = _("Decided: %(state)s.") % {"state": settled.get_state_display()}
        messages.success(self.request, sentence)
        return redirect(f"{self.space}:held_list")


class HeldRetry(HeldMixin, View):
    """Try again what failed through no fault of the sender."""

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        broken = get_object_or_404(queries.failed(self.deliveries()), pk=pk)
        tried = deliveries.try_again(delivery=broken, by=request.user)
        if tried.state == DeliveryState.HELD:
            sentence = _("It is still held: %(reason)s") % {"reason": tried.reason}
            messages.warning(request, sentence)
        else:
            messages.success(request, _("It is taken in."))
        return redirect(f"{self.space}:held_detail", pk)


class HeldBody(HeldMixin, View):
    """The bytes as they came from the phone."""

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        name = f"{self.delivery.record}.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(
            bytes(self.delivery.body), content_type="application/json", headers=headers
        )


def _label(delivery: Delivery) -> str:
    kind = kinds.find(delivery.kind)
    return str(kind.label) if kind else delivery.kind
