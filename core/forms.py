"""How every form is drawn, and fields that read what people write in lists."""

from functools import cache

from django import forms
from django.conf import settings
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core.row_imports import plain


class Renderer(TemplatesSetting):
    """Errors first, then fields with label, help and error tied together: templates/forms/."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"


class WordChoiceField(forms.ChoiceField):
    """A choice written in a list by its code or by its word, in any language of the house.

    ``words`` is a ``TextChoices``; case, accents and spaces do not matter. A form may set ``also``,
    codes by further words.
    """

    def __init__(self, words, **kwargs):
        self.words = words
        self.also: dict[str, str] = {}
        super().__init__(choices=words.choices, **kwargs)

    def to_python(self, value) -> str:
        text = super().to_python(value)
        return _codes(self.words).get(plain(text)) or self.also.get(plain(text), text)

    def validate(self, value) -> None:
        forms.Field.validate(self, value)
        if value and not self.valid_value(value):
            words = ", ".join(f"{code} ({word})" for code, word in self.words.choices)
            raise forms.ValidationError(
                _("“%(value)s” is not known here. Write one of: %(words)s."),
                params={"value": value[:40], "words": words},
            )


@cache
def _codes(words) -> dict[str, str]:
    """Code by each way of writing it."""
    codes: dict[str, str] = {}
    for code, _language in settings.LANGUAGES:
        with override(code):
            codes |= {plain(str(word.label)): word.value for word in words}
    return codes | {plain(word.value): word.value for word in words}
