from django import forms
from django.utils.translation import gettext_lazy as _

from observation.enums import Moment
from organisations.enums import AgeGroup


class PreviewForm(forms.Form):
    """In which room and at which moments the preview looks: items follow from both."""

    age_group = forms.ChoiceField(
        label=_("Age group of the room"),
        required=False,
        choices=[("", _("Any age group")), *AgeGroup.choices],
    )
    moments = forms.MultipleChoiceField(
        label=_("Moments that you see"),
        required=False,
        choices=Moment.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them."),
    )
