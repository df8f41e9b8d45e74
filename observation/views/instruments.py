"""What the instruments say: versions, domains, items and anchors."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views import View

from core.fields import Translated
from observation.enums import InstrumentKind, ItemKind
from observation.models import InstrumentVersion
from organisations.adapters import ScopedMixin, SignedInRequest


class InstrumentList(ScopedMixin, View):
    permission = "observation.instruments"

    def get(self, request: SignedInRequest) -> HttpResponse:
        # An imported table belongs to a unit; it is read through its data set.
        versions = InstrumentVersion.objects.exclude(instrument__kind=InstrumentKind.IMPORTED)
        versions = versions.select_related("instrument").order_by("instrument__code", "-number")
        return render(request, "observation/instrument_list.html", {"versions": versions})


class InstrumentDetail(ScopedMixin, View):
    """One version: its rules, and each item with its anchors."""

    permission = "observation.instruments"

    def get(self, request: SignedInRequest, code: str, number: int) -> HttpResponse:
        versions = InstrumentVersion.objects.exclude(instrument__kind=InstrumentKind.IMPORTED)
        version = get_object_or_404(
            versions.select_related("instrument"), instrument__code=code, number=number
        )
        groups: dict[int, dict] = {}
        for item in version.items.select_related("domain", "scale").order_by("order"):
            anchors = [(step, Translated(text)) for step, text in sorted(item.anchors.items())]
            group = groups.setdefault(item.domain_id, {"domain": item.domain, "items": []})
            group["items"].append((item, anchors))
        context = {"version": version, "groups": groups.values(), "scored": ItemKind.SCORED}
        return render(request, "observation/instrument_detail.html", context)
