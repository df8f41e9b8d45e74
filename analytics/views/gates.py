"""The page on which a programme changes the thresholds of the validity report."""

from typing import cast

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView

from analytics.actions import gates
from analytics.forms import GatesForm
from organisations.adapters import ScopedMixin
from organisations.models import User
from visits.actions import rules


class GatesView(ScopedMixin, FormView):
    """Each gate with its thresholds, and the smallest count shown; reports made keep theirs."""

    permission = "analytics.configure"
    form_class = GatesForm
    template_name = "analytics/gates_edit.html"

    def form_valid(self, form):
        by = cast(User, self.request.user)
        for values in form.changed_gates():
            gates.change(**values, by=by)
        if "minimum_parents" in form.changed_data:
            rules.change(minimum_parents=form.cleaned_data["minimum_parents"], by=by)
        messages.success(self.request, _("Saved. Reports computed from now on use these gates."))
        return redirect("analytics:gates")
