"""The page on which a programme changes its own numbers."""

from typing import cast

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView

from mentoring.actions import defaults
from mentoring.forms import DefaultsForm
from organisations.adapters import ScopedMixin
from organisations.models import User


class DefaultsEdit(ScopedMixin, FormView):
    """Planned minutes and days of the steps, and the limit of load."""

    permission = "mentoring.configure"
    form_class = DefaultsForm
    template_name = "mentoring/defaults_edit.html"

    def form_valid(self, form):
        mentees = form.cleaned_data["mentees"]
        defaults.change(
            steps=form.changed_steps(), mentees=mentees, by=cast(User, self.request.user)
        )
        messages.success(self.request, _("Saved. Cycles opened from now on use these numbers."))
        return redirect("mentoring:defaults_edit")
