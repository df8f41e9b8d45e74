"""The braid as a page shows it: sentences, charts and figures."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import charts
from core.fields import Translated
from core.templatetags.estimates import REASONS

# What each link says when it points up, when down, and when it cannot be told from none.
LINKS: dict[str, tuple[str | Promise, str | Promise, str | Promise, str | Promise]] = {
    "dose_change": (
        gettext_lazy("Mentoring and the checklist"),
        gettext_lazy(
            "Rooms with more mentoring cycles changed more than rooms that began at the same score."
        ),
        gettext_lazy(
            "Rooms with more mentoring cycles changed less than rooms that began at the same score."
        ),
        gettext_lazy("More mentoring cycles and more change did not go together clearly."),
    ),
    "learning_change": (
        gettext_lazy("Lessons and the checklist"),
        gettext_lazy(
            "Rooms whose caregivers took more lessons changed more than rooms that began at the "
            "same score."
        ),
        gettext_lazy(
            "Rooms whose caregivers took more lessons changed less than rooms that began at the "
            "same score."
        ),
        gettext_lazy("More lessons and more change did not go together clearly."),
    ),
    "change_safety": (
        gettext_lazy("The checklist and what parents saw"),
        gettext_lazy("Centres that changed more had a higher safety index in the parents' visits."),
        gettext_lazy("Centres that changed more had a lower safety index in the parents' visits."),
        gettext_lazy(
            "Change on the checklist and the parents' safety index did not go together clearly."
        ),
    ),
}
DOSE_LABELS = {
    "0": gettext_lazy("No cycle"),
    "1-2": gettext_lazy("1 or 2 cycles"),
    "3+": gettext_lazy("3 cycles or more"),
}
BAND_LABELS = {
    "100": gettext_lazy("100: every answer yes"),
    "90-99": gettext_lazy("90 to below 100"),
    "80-89": gettext_lazy("80 to below 90"),
    "below-80": gettext_lazy("below 80"),
}


def shown(result: dict[str, Any]) -> dict[str, Any]:
    """The context of the page of a braid: sentences, charts and figures."""
    return {
        "result": result,
        "instrument": Translated(result["observation"].get("instrument", {})),
        "links": [link(name, result["associations"][name]) for name in LINKS],
        "prediction": prediction(result["prediction"]),
        "dose_chart": dose_chart(result["change_by_dose_adjusted"]),
        "bands_chart": bands_chart(result["families"]["bands"]),
    }


def link(name: str, estimate: dict) -> dict[str, Any]:
    """One link between two strands: what it is, what was found, and the figure behind it."""
    title, up, down, unclear = LINKS[name]
    if not estimate["sufficient"]:
        sentence: str | Promise = _("Insufficient data: %(reason)s.") % {
            "reason": REASONS[estimate["reason"]]
        }
    elif estimate["low"] is None or estimate["low"] <= 0 <= estimate["high"]:
        sentence = unclear
    else:
        sentence = up if estimate["value"] > 0 else down
    return {"title": title, "sentence": sentence, "estimate": estimate}


def prediction(result: dict) -> str:
    """Whether the strands tell more about the last score than the first score alone."""
    if not result["gain"]["sufficient"]:
        reason = REASONS.get(result["gain"]["reason"], "")
        return _("Insufficient data: %(reason)s.") % {"reason": reason}
    if result["better"]:
        return _(
            "Knowing mentoring and lessons foretells the last score better than the first score "
            "alone, in centres that the model had not seen."
        )
    if result["better"] is None:
        return _(
            "It could not be shown that knowing mentoring and lessons foretells the last score "
            "better than the first score alone, in centres that the model had not seen."
        )
    return _(
        "Knowing mentoring and lessons foretells the last score no better than the first score "
        "alone, in centres that the model had not seen."
    )


def dose_chart(estimates: dict[str, dict]) -> charts.Chart:
    """Mean change at the same first score, by cycles completed between the two scores."""
    return charts.dot_with_interval(
        title=_("Change in the checklist score, by mentoring cycles between the two scores"),
        note=_(
            "Points of 100, for rooms with the same first score; the line is the 95 % interval. "
            "A line that crosses 0 cannot be told from no change."
        ),
        estimates=[
            charts.Estimate(
                label=str(label),
                value=estimates[key]["value"],
                low=estimates[key]["low"],
                high=estimates[key]["high"],
                n=estimates[key]["n"],
                reason=str(REASONS.get(estimates[key]["reason"], "")),
                strand="mentoring",
            )
            for key, label in DOSE_LABELS.items()
        ],
        reference=0,
        change=True,
    )


def bands_chart(bands: dict[str, int]) -> charts.Chart:
    """Centres by band of the parents' safety index."""
    return charts.bar_with_interval(
        title=_("Centres by band of the parents' safety index"),
        note=_("An index of 99.9 is below 100: the band “100” means that every answer was yes."),
        estimates=[
            charts.Estimate(label=str(label), value=bands[key], strand="families")
            for key, label in BAND_LABELS.items()
        ],
        decimals=0,
    )
