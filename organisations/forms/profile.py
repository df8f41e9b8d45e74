"""A person's own page."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NameForm(forms.Form):
    """One's own name; the address is changed among the account's pages, where it is proved."""

    first_name = forms.CharField(
        label=_("First name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
