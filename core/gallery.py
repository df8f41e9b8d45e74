"""Examples for the gallery of components: invented figures that belong to no page but that one."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.core.paginator import Paginator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.charts import Estimate, Series, bar_with_interval, dot_with_interval, line
from core.templatetags.components import COMPONENTS, REQUIRED, Component

STRANDS = ["mentoring", "observation", "families"]
# Names of the symbols in static/icons/sprite.svg.
ICONS = [
    *("mentoring", "observation", "families", "good", "caution", "problem", "info", "check"),
    *("cross", "menu", "person", "clock", "calendar", "download", "upload", "print", "search"),
    *("arrow", "back", "plus", "edit", "lock", "key", "mail", "book", "play", "offline"),
]


@dataclass(frozen=True)
class Specimen:
    """A component with what it says of itself and the template that shows it."""

    name: str
    component: Component

    @property
    def says(self):
        return self.component.says

    @property
    def body(self) -> bool:
        return self.component.body

    @property
    def described(self) -> list[tuple[str, bool]]:
        """Each attribute and whether it is needed."""
        return [(name, value is REQUIRED) for name, value in self.component.attributes.items()]

    @property
    def example(self) -> str:
        return f"core/gallery/_{self.name}.html"


class ExampleForm(forms.Form):
    """One field of each kind; bound to nothing it shows its errors."""

    room = forms.CharField(label=gettext_lazy("Room"), help_text=gettext_lazy("As on the door."))
    moment = forms.ChoiceField(
        label=gettext_lazy("Moment of the day"),
        choices=[
            ("ALI", gettext_lazy("Feeding")),
            ("JUE", gettext_lazy("Free play")),
        ],
    )
    score = forms.ChoiceField(
        label=gettext_lazy("Score"),
        widget=forms.RadioSelect,
        choices=[(str(number), str(number)) for number in range(4)],
    )
    notes = forms.CharField(
        label=gettext_lazy("Notes"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    agreed = forms.BooleanField(label=gettext_lazy("The caregiver chose this goal"), required=False)


def context() -> dict:
    """What the templates in templates/core/gallery/ need."""
    form = ExampleForm({"room": "", "moment": "ALI", "score": "2"})
    form.is_valid()
    return {
        "components": [(name, Specimen(name, part)) for name, part in COMPONENTS.items()],
        "strands": STRANDS,
        "icons": ICONS,
        "form": form,
        "charts": _charts(),
        "crumbs": [(_("Home"), "#breadcrumb"), (_("Centre"), "#breadcrumb"), (_("Room"), "")],
        "facts": [
            (_("Room"), "Lactantes B"),
            (_("Observer"), _("Invented person")),
            (_("Cycles"), 2),
        ],
        "page": Paginator(range(60), 20).page(2),
        "steps": [
            {"label": _("Prepare"), "state": "done", "detail": _("10 of 10 planned minutes")},
            {"label": _("Observe"), "state": "current", "href": "#step_list"},
            {"label": _("Agree one goal"), "state": "todo"},
        ],
    }


def _charts() -> list:
    return [
        dot_with_interval(
            _("What moved since the first cycle"),
            [
                Estimate(_("Hours of mentoring"), 4.2, 1.1, 7.3, 48, strand="mentoring"),
                Estimate(_("Change in language"), -0.6, -3.9, 2.7, 48, strand="observation"),
                Estimate(_("Findings of families"), None, reason=_("fewer than 10 parents")),
            ],
            unit=_("points"),
            reference=0,
            change=True,
        ),
        bar_with_interval(
            _("Checklist by domain"),
            [
                Estimate(_("Warmth"), 71.4, 66.2, 76.6, 48, strand="observation"),
                Estimate(_("Sensitivity"), 58.0, 51.1, 64.9, 48, strand="observation"),
                Estimate(_("Language"), 43.9, 37.0, 50.8, 47, strand="observation"),
            ],
            unit=_("of 100"),
            limits=(0, 100),
        ),
        line(
            _("Three strands over six months"),
            [date_format(date(2026, month, 1), "M") for month in range(1, 7)],
            [
                Series(_("Mentoring"), [20, 32, 41, 45, 58, 66], strand="mentoring"),
                Series(_("Observation"), [44, 45, None, 49, 50, 54], strand="observation"),
                Series(_("Families"), [82, 80, 84, 85, 83, 88], strand="families"),
            ],
            limits=(0, 100),
            decimals=0,
            note=_("In March no room was observed: the line breaks."),
        ),
    ]
