"""allauth's forms where its labels are missing or not plain enough."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.utils.translation import gettext_lazy as _


class AddKeyForm(AddWebAuthnForm):
    """A passkey or security key, with a name to tell it from others."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        self.fields["name"].help_text = _("Such as “my phone”, to tell it from others later.")
        self.fields["passwordless"].label = _("Sign in with this key alone, without a password")
        self.fields["passwordless"].help_text = _(
            "Then it is a passkey: the device asks for your finger, your face or its code."
        )
        self.fields["passwordless"].initial = True


class EditKeyForm(EditWebAuthnForm):
    """Another name for a key."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
