"""What a clip is, what certification asks for, and who is looked for."""

import re
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import Translated
from observation.enums import ClipMedium, Moment
from observation.models import CertificationGate, TrainingClip

STATES = {
    "certified": _("certified"),
    "expiring": _("certified, ends soon"),
    "expired": _("no longer certified"),
    "never": _("not certified yet"),
}


class WriteClipForm(forms.ModelForm):
    """A clip in both languages; a film is chosen, a scene is written."""

    title_es = forms.CharField(label=_("Title, in Spanish"), max_length=150)
    title_en = forms.CharField(label=_("Title, in English"), max_length=150, required=False)
    words_es = forms.CharField(
        label=_("Scene or transcript, in Spanish"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "Of a film, everything that is said and shown. No child is named: write “a girl”, "
            "“another child”."
        ),
    )
    words_en = forms.CharField(
        label=_("Scene or transcript, in English"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    moments = forms.MultipleChoiceField(
        label=_("Moments"), choices=Moment.choices, widget=forms.CheckboxSelectMultiple
    )

    field_order = [
        *("code", "version", "title_es", "title_en", "medium", "film", "words_es", "words_en"),
        *("age_group", "moments", "level", "use", "public", "consent"),
    ]

    class Meta:
        model = TrainingClip
        fields = ["code", "version", "medium", "film", "age_group", "moments", "level", "use"]
        fields += ["public", "consent"]
        widgets = {"consent": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"film": _("Films are uploaded in the editor, with captions and a still.")}

    def __init__(self, *args, versions, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["version"]).queryset = versions
        for name in ("title", "words"):
            for language in ("es", "en"):
                self.fields[f"{name}_{language}"].initial = getattr(self.instance, name).get(
                    language, ""
                )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        is_film = data.get("medium") == ClipMedium.FILM
        if is_film and not data.get("film"):
            self.add_error("film", _("Choose the film."))
        if not is_film and data.get("film"):
            self.add_error("film", _("A written scene has no film. Take it out."))
        for name in ("title", "words"):
            texts = {code: data.get(f"{name}_{code}", "") for code in ("es", "en")}
            setattr(self.instance, name, Translated({k: v for k, v in texts.items() if v}))
        return data


class GateForm(forms.ModelForm):
    """The numbers of a test."""

    reminder_days = forms.CharField(
        label=_("Days before the end at which to remind"),
        max_length=60,
        help_text=_("Separated by commas, such as 60, 30, 7."),
    )

    class Meta:
        model = CertificationGate
        fields = [
            *("clips", "exact", "kappa", "within_one", "alerts_missed", "basis", "minutes"),
            *("valid_days", "wait_days", "reminder_days", "each_version"),
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["reminder_days"] = ", ".join(map(str, self.instance.reminder_days))

    def clean_reminder_days(self) -> list[int]:
        words = re.split(r"[\s,;]+", self.cleaned_data["reminder_days"].strip())
        if not all(re.fullmatch(r"[0-9]{1,3}", word) and int(word) for word in words):
            raise forms.ValidationError(_("Write whole numbers of days, from 1 to 999."))
        return sorted({int(word) for word in words}, reverse=True)


class ObserverFilter(forms.Form):
    """Which observers the list shows."""

    name = forms.CharField(
        label=_("Name"), required=False, max_length=80, help_text=_("Part of it.")
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Any state")), *STATES.items()]
    )


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it revoked?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    since = forms.DateField(
        label=_("Not valid from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
        help_text=_("Sessions observed from this day on no longer count as those of a certified."),
    )


class CheckForm(forms.Form):
    """The code of a certificate, however it was typed."""

    code = forms.CharField(
        label=_("Code of the certificate"),
        max_length=40,
        help_text=_(
            "Sixteen letters and figures. On paper they stand beside the square that a phone reads."
        ),
    )

    def clean_code(self) -> str:
        code = re.sub(r"[\s-]", "", self.cleaned_data["code"]).upper()
        if not re.fullmatch(r"[0-9A-Z]{16}", code):
            raise forms.ValidationError(_("A code has sixteen letters and figures."))
        return code
