"""What whoever looks after the store asks for and decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lrs import sealing
from lrs.models import Destination


class DestinationForm(forms.Form):
    """Another store to which statements are forwarded."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("What you call the other store.")
    )
    endpoint = forms.CharField(
        label=_("Address"),
        max_length=500,
        validators=[sealing.check_address],
        widget=forms.URLInput,
        help_text=_("Where its xAPI is, such as https://lrs.example/xapi/"),
    )
    version = forms.ChoiceField(
        label=_("Version of xAPI"),
        choices=Destination.Version.choices,
        help_text=_("The newest one that the other store speaks."),
    )
    key = forms.CharField(label=_("Key"), max_length=200)
    secret = forms.CharField(
        label=_("Secret"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("It is kept encrypted and never shown again."),
    )
    everything = forms.BooleanField(label=_("Also send all that is here already"), required=False)

    def __init__(self, *args, destination: Destination | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.destination = destination
        if destination is None:
            return
        del self.fields["everything"]
        for name in ("name", "endpoint", "version", "key"):
            self.fields[name].initial = getattr(destination, name)
        self.fields["secret"].required = False
        self.fields["secret"].help_text = _(
            "Leave it empty to keep the one that is there, unless the address is another."
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        before = self.destination
        # Else whoever may change an address could have the secret sent to a place of her own.
        moved = before is not None and data.get("endpoint", before.endpoint) != before.endpoint
        if moved and not data.get("secret"):
            self.add_error("secret", _("The address is another: enter the secret for it."))
        return data
