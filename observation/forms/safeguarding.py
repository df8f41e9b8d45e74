"""What an officer writes down in a case."""

from django import forms
from django.utils.translation import gettext_lazy as _

from observation.models import SafeguardingLimits
from observation.models.safeguarding import MOST_HOURS

WORDS = forms.Textarea(attrs={"rows": 4})


class NoteForm(forms.Form):
    """What was done, learnt or decided."""

    text = forms.CharField(label=_("What was done, and why"), max_length=5000, widget=WORDS)


class HandOverForm(NoteForm):
    """The note that goes with a case to whoever must act."""

    to_whom = forms.CharField(
        label=_("To whom"),
        max_length=200,
        help_text=_("The office and the person, as they are named."),
    )
    reference = forms.CharField(label=_("Their reference"), max_length=100, required=False)
    text = forms.CharField(
        label=_("What was handed over"),
        max_length=5000,
        widget=WORDS,
        help_text=_("No names of children. Say what was told and which papers went along."),
    )
    field_order = ["to_whom", "reference", "text"]


class LimitsForm(forms.ModelForm):
    """How soon a case must be taken, and handed over or closed."""

    class Meta:
        model = SafeguardingLimits
        fields = ["hours_to_look", "hours_to_hand_over"]

    def clean(self):
        data = super().clean() or {}
        look, over = data.get("hours_to_look"), data.get("hours_to_hand_over")
        if look is not None and look < 1:
            self.add_error("hours_to_look", _("Give at least one hour."))
        if look and over is not None and over < look:
            self.add_error(
                "hours_to_hand_over", _("Handing over cannot be due before somebody takes it.")
            )
        if over is not None and over > MOST_HOURS:
            self.add_error("hours_to_hand_over", _("Give at most %(n)s hours.") % {"n": MOST_HOURS})
        return data
