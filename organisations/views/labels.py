from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView

from organisations.actions import labels
from organisations.adapters import ScopedMixin
from organisations.forms.labels import LabelForm
from organisations.models import Unit
from organisations.views.units import crumbs


class LabelEdit(ScopedMixin, FormView):
    """Choose what kinds of unit are called at a unit and below it."""

    permission = "organisations.label"
    template_name = "organisations/label_edit.html"
    form_class = LabelForm

    @property
    def unit(self) -> Unit:
        return get_object_or_404(self.scoped(Unit.objects.all()), code=self.kwargs["code"])

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"unit": self.unit}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        unit = context["form"].unit
        return context | {
            "unit": unit,
            "groups": context["form"].groups(),
            "crumbs": crumbs(self.request, unit, (_("Names"), "")),
        }

    def form_valid(self, form):
        for words in form.words():
            labels.choose(unit=form.unit, by=self.person, **words)
        messages.success(self.request, _("The names are saved and in use from now on."))
        return redirect("unit_detail", form.unit.code)
