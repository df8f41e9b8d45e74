"""A person's own page."""

from django import forms

from organisations.models import User


class NameForm(forms.ModelForm):
    """One's own name; the address is changed among the account's pages, where it is proved."""

    class Meta:
        model = User
        fields = ["first_name", "last_name"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, hint in (("first_name", "given-name"), ("last_name", "family-name")):
            self.fields[name].required = True
            self.fields[name].widget.attrs["autocomplete"] = hint
