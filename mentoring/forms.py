"""What mentors, caregivers and coordinators fill in."""

from typing import cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring import queries
from mentoring.enums import OVER, CycleStatus, StepKind
from mentoring.models import LoadLimit, MentoringCycle, StepDefault
from observation.models import Item
from organisations.adapters import ScopedChoiceField
from organisations.enums import UnitKind
from organisations.models import Post, Unit
from organisations.models.posts import PostQuerySet
from organisations.roles import RoleCode


class DayInput(forms.DateInput):
    """The browser's own calendar; it speaks ISO dates, whatever the language."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class DoneForm(forms.Form):
    """A day on which something was done: today unless said otherwise."""

    on = forms.DateField(label=_("Day"), widget=DayInput, initial=timezone.localdate)


class CaregiverField(ScopedChoiceField):
    """A caregiver and the room she works in."""

    def label_from_instance(self, post: Post) -> str:
        return f"{post.user} — {post.unit}"


class OpenForm(DoneForm):
    """A caregiver who has no cycle under way, in the rooms of the mentor."""

    post = CaregiverField(
        Post.objects.all(), permission="mentoring.lead", label=_("Caregiver"), empty_label="—"
    )
    room = ScopedChoiceField(
        Unit.objects.of_kind(UnitKind.ROOM).filter(closed_on=None),
        permission="mentoring.lead",
        label=_("Room"),
        required=False,
        help_text=_("Only for a caregiver who covers several rooms of a centre."),
    )
    field_order = ["post", "room", "on"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        busy = MentoringCycle.objects.exclude(status__in=OVER).values("caregiver")
        post = cast(CaregiverField, self.fields["post"])
        mine: PostQuerySet = post.unlimited.visible_to(user, post.permission)
        post.queryset = (
            mine.in_force()
            .filter(role=RoleCode.CAREGIVER)
            .exclude(user__in=busy)
            .exclude(user=user)
            .select_related("user", "unit")
            .order_by("unit__path", "user__first_name", "user__last_name")
        )
        cast(ScopedChoiceField, self.fields["room"]).limit(user)

    def clean(self) -> dict:
        data = super().clean() or {}
        post = data.get("post")
        if post is not None:
            if not data.get("room"):
                data["room"] = post.unit if post.unit.kind == UnitKind.ROOM else None
            if data["room"] is None:
                self.add_error("room", _("Choose the room in which you work with her."))
        return data


class StepForm(DoneForm):
    """A step that was done. ``kind`` comes back with the form, so that sending it twice is safe."""

    kind = forms.ChoiceField(choices=StepKind.choices, widget=forms.HiddenInput)
    minutes = forms.IntegerField(
        label=_("Minutes that it took"), min_value=1, max_value=480, localize=False
    )
    modelled = forms.BooleanField(label=_("I modelled the practice"), required=False)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The caregiver can read it. Name no child."),
    )

    def __init__(self, *args, cycle: MentoringCycle, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].initial = cycle.status
        step = queries.current_step(cycle, cycle.steps.all())
        self.fields["minutes"].initial = step.planned_minutes if step else None
        if cycle.status != CycleStatus.PRACTISE:
            del self.fields["modelled"]


class ItemField(forms.ModelChoiceField):
    """Items of the checklist, the one seen least first and marked so."""

    def label_from_instance(self, item: Item) -> str:
        return f"{item.code} · {item.text}"


class GoalForm(DoneForm):
    """The one goal: what it builds on, and in the caregiver's own words."""

    item = ItemField(queryset=None, label=_("What it builds on"), empty_label=None)
    text = forms.CharField(
        label=_("The goal, in the caregiver's words"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One thing that she will try, in a routine of the day. Name no child."),
    )
    minutes = forms.IntegerField(
        label=_("Minutes that it took"), min_value=1, max_value=480, localize=False
    )
    field_order = ["item", "text", "on", "minutes"]

    def __init__(self, *args, cycle: MentoringCycle, **kwargs):
        super().__init__(*args, **kwargs)
        items = queries.goal_items(cycle)
        cast(ItemField, self.fields["item"]).queryset = items
        self.suggested = next((item for item in items if _mean(item) is not None), None)
        self.fields["item"].initial = self.suggested
        if self.suggested is not None:
            self.fields["item"].help_text = _(
                "Suggested: %(code)s, the lowest in the observation. Choose another if that "
                "serves her better."
            ) % {"code": self.suggested.code}
        step = queries.current_step(cycle, cycle.steps.all())
        self.fields["minutes"].initial = step.planned_minutes if step else None
        if goal := getattr(cycle, "goal", None):
            self.initial.update(item=goal.item_id, text=goal.text)


def _mean(item: Item) -> float | None:
    """The mean that ``queries.goal_items`` put beside the item."""
    return getattr(item, "mean", None)


class CancelForm(forms.Form):
    """Why a cycle ends before its time."""

    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("For example: she moved to another room.")
    )


class DefaultsForm(forms.Form):
    """Planned minutes and days of each step, and the limit of load."""

    mentees = forms.IntegerField(
        label=_("Mentees at once before a mentor is warned"),
        required=False,
        min_value=1,
        max_value=500,
        localize=False,
        help_text=_("Empty: nobody is warned. Structures studied have 11 to 44."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        limit = LoadLimit.objects.first()
        self.fields["mentees"].initial = limit.mentees if limit else None
        by_kind = {default.kind: default for default in StepDefault.objects.all()}
        self.defaults = [by_kind.get(kind) or StepDefault(kind=kind) for kind in StepKind]
        for default in self.defaults:
            about = {"step": default.get_kind_display()}
            self.fields[f"{default.kind}_minutes"] = forms.IntegerField(
                label=_("%(step)s: planned minutes") % about,
                min_value=1,
                max_value=480,
                initial=default.minutes,
                localize=False,
            )
            self.fields[f"{default.kind}_days"] = forms.IntegerField(
                label=_("%(step)s: days after the cycle opens") % about,
                min_value=0,
                max_value=365,
                initial=default.days_after_opening,
                localize=False,
            )

    def clean(self) -> dict:
        data = super().clean() or {}
        days = [data.get(f"{kind}_days") for kind in StepKind]
        given = [number for number in days if number is not None]
        if given != sorted(given):
            raise forms.ValidationError(
                _("The days must follow the order of the steps: none before the one ahead of it.")
            )
        return data

    def changed_steps(self) -> list[StepDefault]:
        """The defaults as they were filled in, where something changed."""
        changed = []
        for default in self.defaults:
            minutes, days = (
                self.cleaned_data[f"{default.kind}_{part}"] for part in ("minutes", "days")
            )
            if (default.minutes, default.days_after_opening) != (minutes, days):
                default.minutes, default.days_after_opening = minutes, days
                changed.append(default)
        return changed
