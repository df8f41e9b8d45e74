from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from fieldwork.enums import Decision


class SettlementForm(forms.Form):
    """What becomes of a record, and why."""

    decision = forms.ChoiceField(label=_("What becomes of it"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever sent it reads this on her phone."),
    )

    def __init__(self, *args, choices: list[Decision], meaning: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        words = {one.value: str(one.label) for one in choices}
        if meaning and Decision.TAKE_IN in words:  # past the rule that held it
            words[Decision.TAKE_IN.value] += f". {meaning}"
        cast(forms.ChoiceField, self.fields["decision"]).choices = list(words.items())
