"""The file of a list, as sent by a browser."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.spreadsheets import Limits, too_large


class ListFileForm(forms.Form):
    """One file, within the limits of bytes."""

    too_large = False  # the view then answers 413

    file = forms.FileField(
        label=_("File"),
        help_text=_("Saved as .xlsx or as CSV, up to 10 MB and 10,000 rows."),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
        error_messages={"empty": _("The file is empty. Choose another file.")},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > Limits().bytes:
            self.too_large = True
            raise ValidationError(too_large(Limits()))
        return file
