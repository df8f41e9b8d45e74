"""The file of an instrument, and under which code it is kept."""

from django import forms
from django.utils.translation import gettext_lazy as _

from observation.models.instruments import CODE_LENGTH
from organisations.forms.files import ListFileForm


class InstrumentFileForm(ListFileForm):
    """One file, within the limits of bytes: our own JSON, or an XLSForm."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("An XLSForm (.xlsx) or an instrument of this programme (.json), up to 10 MB."),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.json"}),
        error_messages={"empty": _("The file is empty. Choose another file.")},
    )


class ConfirmForm(forms.Form):
    """An instrument that has this code already gets a new version."""

    code = forms.SlugField(
        label=_("Code of the instrument"),
        max_length=CODE_LENGTH,
        help_text=_(
            "Small letters, digits and hyphens. An instrument with this code gets a new version; "
            "any other code makes a new instrument."
        ),
    )
