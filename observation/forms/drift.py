"""Which instrument a page of drift is about."""

from django import forms
from django.utils.translation import gettext_lazy as _

from observation.forms.double import PUBLISHED


class VersionForm(forms.Form):
    version = forms.ModelChoiceField(
        PUBLISHED.order_by("instrument__code", "-number").select_related("instrument"),
        label=_("Instrument"),
        empty_label=None,
    )
