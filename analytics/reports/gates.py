"""The programme's gates as traffic lights: what was asked for, what was found, what it means."""

from collections.abc import Iterable
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measurement.estimates import Estimate, Reason


class State(TextChoices):
    """Where an estimate stands to its gate."""

    GOOD = "good", gettext_lazy("good")
    PROVISIONAL = "provisional", gettext_lazy("provisional")
    UNDECIDED = "undecided", gettext_lazy("undecided")
    POOR = "poor", gettext_lazy("not good enough")
    INSUFFICIENT = "insufficient", gettext_lazy("insufficient data")


# Green, yellow, red and grey, by the names that pages give to their badges.
LIGHTS = {
    State.GOOD: "good",
    State.PROVISIONAL: "caution",
    State.UNDECIDED: "caution",
    State.POOR: "problem",
    State.INSUFFICIENT: "info",
}


def state(estimate: Estimate, gate: dict[str, Any]) -> State:
    """By the whole interval: good or poor only where it leaves no doubt.

    ``gate``: provisional, good (the same where there is one threshold), at_most (bool: the lower
    the better), minimum_n. A value that comes without an interval is taken as it stands.
    """
    if estimate.value is None or estimate.n < gate["minimum_n"]:
        return State.INSUFFICIENT
    if estimate.reason not in ("", Reason.PERFECT_AGREEMENT):
        return State.UNDECIDED  # the data give no interval: a variance at zero, too few centres
    low = estimate.value if estimate.low is None else estimate.low
    high = estimate.value if estimate.high is None else estimate.high
    provisional, good = gate["provisional"], gate["good"]
    if gate["at_most"]:
        low, high, provisional, good = -high, -low, -provisional, -good
    if low >= good:
        return State.GOOD
    if high < provisional:
        return State.POOR
    return State.PROVISIONAL if low >= provisional else State.UNDECIDED


def judged(gate: dict[str, Any], subject: str, estimate: Estimate) -> dict[str, Any]:
    """A gate as a result keeps it."""
    found = state(estimate, gate)
    return gate | {"subject": subject, "estimate": estimate.as_dict(), "state": str(found)}


# What each gate means for those who work with the scores, by where the estimate stands.
MEANINGS: dict[tuple[str, str], str | Promise] = {
    ("agreement", State.GOOD): gettext_lazy(
        "A score says the same whoever observed: it may be used in feedback and in reports."
    ),
    ("agreement", State.PROVISIONAL): gettext_lazy(
        "Observers agree well enough for feedback in the room; compare rooms with care."
    ),
    ("agreement", State.POOR): gettext_lazy(
        "A score depends too much on who observed: train and recertify before using it."
    ),
    ("consistency", State.GOOD): gettext_lazy(
        "The items of the domain rise and fall together, so their mean says something."
    ),
    ("consistency", State.POOR): gettext_lazy(
        "The items of the domain do not rise and fall together closely enough: talk about single "
        "items, not about the domain's score."
    ),
    ("structure", State.GOOD): gettext_lazy("The items group into the domains as designed."),
    ("structure", State.POOR): gettext_lazy(
        "The items do not group as designed. Instruments of this kind often fail here while other "
        "figures are good: do not judge by this alone."
    ),
    ("stability", State.GOOD): gettext_lazy(
        "A room where nothing was changed keeps its score after some weeks."
    ),
    ("stability", State.POOR): gettext_lazy(
        "Scores move by themselves within weeks: observe more than once before speaking of change."
    ),
    ("criterion", State.GOOD): gettext_lazy(
        "The score goes together with the other measure of quality."
    ),
    ("criterion", State.POOR): gettext_lazy(
        "The score does not go together with the other measure of quality."
    ),
    ("ranking", State.GOOD): gettext_lazy(
        "The data tell centres apart, so they can be compared; a list of ranks still misleads."
    ),
    ("ranking", State.POOR): gettext_lazy(
        "The data do not tell centres apart: do not rank or reward them by this score."
    ),
}


def meaning(gate: dict[str, Any]) -> str:
    """What the light means for a mentor, in a sentence."""
    if gate["state"] == State.INSUFFICIENT:
        return _("There are too few data to say.")
    if gate["state"] == State.UNDECIDED:
        return _("The interval lies on both sides of the threshold: more data are needed.")
    own = MEANINGS.get((gate["topic"], gate["state"]))
    return str(own or _("It meets the first threshold, but not surely the second."))


def worst(gates: Iterable[dict[str, Any]]) -> State:
    """The lowest state of several gates, insufficient data counting last."""
    order = [State.POOR, State.UNDECIDED, State.PROVISIONAL, State.GOOD]
    found = {gate["state"] for gate in gates}
    return next((one for one in order if one in found), State.INSUFFICIENT)
