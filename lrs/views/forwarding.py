"""Stores that statements are forwarded to: what waits, since when, and what they refused."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.generic import FormView, ListView, TemplateView

from core.refusals import Refusal
from lrs.actions import deliveries, destinations
from lrs.forms.destinations import DestinationForm
from lrs.models import Delivery, Destination
from organisations.adapters import ScopedMixin, SignedInRequest


class StoreMixin(ScopedMixin):
    """For whoever looks after the store; a destination that was removed is not there."""

    permission = "lrs.manage"
    kwargs: dict[str, Any]

    @cached_property
    def destination(self) -> Destination:
        return get_object_or_404(Destination.objects.in_use(), pk=self.kwargs["pk"])

    def crumbs(self, *here: str) -> list[tuple[str, str]]:
        found = [(_("Forwarding"), reverse("destination_list"))]
        if "pk" in self.kwargs:
            at = reverse("destination_detail", args=[self.destination.pk]) if here else ""
            found.append((self.destination.name, at))
        return [*found, *((one, "") for one in here)]


class DestinationList(StoreMixin, TemplateView):
    """What each is owed and since when."""

    template_name = "lrs/destination_list.html"

    def get_context_data(self, **kwargs):
        rows = Destination.objects.in_use().with_figures()
        return super().get_context_data(**kwargs) | {"rows": rows, "now": timezone.now()}


class DestinationDetail(StoreMixin, ListView):
    """One, and its dead letters."""

    template_name = "lrs/destination_detail.html"
    paginate_by = 50

    def get_queryset(self):
        dead = Delivery.objects.filter(destination=self.destination, dead_at__isnull=False)
        return dead.select_related("statement").order_by("-dead_at", "-pk")

    def get_context_data(self, **kwargs):
        rows = Destination.objects.with_figures()
        return super().get_context_data(**kwargs) | {
            "destination": rows.get(pk=self.destination.pk),
            "now": timezone.now(),
            "crumbs": self.crumbs(),
        }


class DestinationAdd(StoreMixin, FormView):
    """Name another store."""

    template_name = "lrs/destination_edit.html"
    form_class = DestinationForm

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"crumbs": self.crumbs(_("Another store"))}

    def form_valid(self, form):
        try:
            made = destinations.add(by=self.person, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("What is stored from now on is forwarded."))
        return redirect("destination_detail", made.pk)


class DestinationEdit(StoreMixin, FormView):
    """Another address, version, key or secret."""

    template_name = "lrs/destination_edit.html"
    form_class = DestinationForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"destination": self.destination}

    def get_context_data(self, **kwargs):
        about = {"destination": self.destination, "crumbs": self.crumbs(_("Change"))}
        return super().get_context_data(**kwargs) | about

    def form_valid(self, form):
        try:
            destinations.change(destination=self.destination, by=self.person, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("Saved. What waits is tried again at once."))
        return redirect("destination_detail", self.destination.pk)


class DestinationPause(StoreMixin, View):
    """Send nothing for now."""

    http_method_names = ["post"]

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        destinations.pause(destination=self.destination, by=self.person)
        messages.success(request, _("Paused. What is stored meanwhile waits here."))
        return redirect("destination_detail", pk)


class DestinationResume(StoreMixin, View):
    """Send again."""

    http_method_names = ["post"]

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        destinations.resume(destination=self.destination, by=self.person)
        messages.success(request, _("What waits is sent now."))
        return redirect("destination_detail", pk)


class DestinationRemove(StoreMixin, TemplateView):
    """Asked once more: what waits is sent no more."""

    template_name = "lrs/destination_remove.html"

    def get_context_data(self, **kwargs):
        rows = Destination.objects.with_figures()
        return super().get_context_data(**kwargs) | {
            "destination": rows.get(pk=self.destination.pk),
            "crumbs": self.crumbs(_("Remove")),
        }

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        destinations.remove(destination=self.destination, by=self.person)
        messages.success(request, _("Removed. Nothing is forwarded there any more."))
        return redirect("destination_list")


class DeliveriesSendAgain(StoreMixin, View):
    """Try the dead letters anew: all, or one."""

    http_method_names = ["post"]

    def post(self, request: SignedInRequest, pk: int, delivery: int | None = None) -> HttpResponse:
        count = deliveries.send_again(destination=self.destination, by=self.person, only=delivery)
        messages.success(
            request,
            ngettext(
                "%(count)s statement is sent again.", "%(count)s statements are sent again.", count
            )
            % {"count": count},
        )
        return redirect("destination_detail", pk)
