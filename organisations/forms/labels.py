"""What kinds of unit are called: one and several, in each language."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from organisations import labels
from organisations.enums import UnitKind
from organisations.models import Unit

NUMBERS = {"singular": _("one"), "plural": _("several")}


class LabelForm(forms.Form):
    """For a unit: the words of each kind from its own down; empty means as further above."""

    def __init__(self, *args, unit: Unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.kinds = [kind for kind in UnitKind if kind.depth >= unit.depth]
        own = {(label.kind, label.language): label for label in unit.labels.all()}
        above = {key: label for key, label in labels.table().items() if key[0] != unit.path}
        for kind, language, name in self._each():
            inherited = labels.resolve(above, kind, unit.path, language)
            for number, word in NUMBERS.items():
                self.fields[f"{kind}_{language}_{number}"] = forms.CharField(
                    label=format_lazy("{name}, {word}", name=name, word=word),
                    max_length=60,
                    required=False,
                    initial=getattr(own.get((kind, language)), number, ""),
                    widget=forms.TextInput(
                        attrs={"lang": language, "placeholder": str(getattr(inherited, number))}
                    ),
                )

    def _each(self):
        for kind in self.kinds:
            for language, name in settings.LANGUAGES:
                yield kind, language, name

    def groups(self) -> list[tuple[str | Promise, list[forms.BoundField]]]:
        """Our own word for each kind, and its fields."""
        return [
            (kind.label, [self[name] for name in self.fields if name.startswith(f"{kind}_")])
            for kind in self.kinds
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for kind, language, _name in self._each():
            one, several = (f"{kind}_{language}_{number}" for number in NUMBERS)
            if bool(data.get(one)) != bool(data.get(several)):
                missing = several if data.get(one) else one
                self.add_error(missing, _("Give both words, for one and for several, or none."))
        return data

    def words(self) -> list[dict[str, str]]:
        """kind, language, singular and plural of each."""
        return [
            {"kind": kind, "language": language}
            | {number: self.cleaned_data[f"{kind}_{language}_{number}"] for number in NUMBERS}
            for kind, language, _name in self._each()
        ]
