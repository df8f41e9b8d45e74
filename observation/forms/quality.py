"""What a programme asks of its observers, and the reason for an exception."""

from django import forms
from django.utils.translation import gettext_lazy as _

from observation.models import QualityRules


class QualityRulesForm(forms.ModelForm):
    class Meta:
        model = QualityRules
        exclude: list[str] = []
        widgets = {
            "certified_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }


class ReasonForm(forms.Form):
    """Why: kept, and never changed."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
