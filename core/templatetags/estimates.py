"""Estimates in words: a value with its interval and n, or why there is none."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.numerals import written
from measurement.estimates import Reason

register = template.Library()

REASONS: dict[str, str | Promise] = {
    Reason.TOO_FEW_ROWS: _("too few observations"),
    Reason.TOO_FEW_CLUSTERS: _("too few centres"),
    Reason.TOO_FEW_ITEMS: _("a single item"),
    Reason.ZERO_VARIANCE: _("all values are the same"),
    Reason.NEGATIVE_VARIANCE: _("the raters differ more than what they rate"),
    Reason.ONE_RATER: _("only one rater"),
    Reason.NO_OVERLAP: _("no two sources saw the same"),
    Reason.ALL_MISSING: _("nothing was answered"),
    Reason.OBSERVERS_CONFOUNDED: _(
        "each observer saw other centres than the rest, so observers and centres cannot be told "
        "apart; let two observers see the same room"
    ),
    Reason.SMALL_CELLS: _("too few answers in one of the groups"),
    Reason.NOT_POSITIVE_DEFINITE: _(
        "some items repeat one another, or there are too few observations for so many items"
    ),
    Reason.NOT_CONVERGED: _("the computation did not settle on an answer"),
    Reason.NOT_IDENTIFIED: _("these data, or this model, cannot answer this"),
    Reason.IMPROPER_SOLUTION: _("the model would give an item an impossible, negative variance"),
    Reason.TIES: _("too many values are equal"),
    Reason.ZERO_WEIGHTS: _("all weights are zero"),
    Reason.PERFECT_SEPARATION: _(
        "all answers of one group are the same, so no finite difference can be computed"
    ),
    Reason.ONE_GROUP: _("there is no group to compare with"),
    Reason.ONE_PERIOD: _("there is a single point in time"),
    Reason.NO_EVENTS: _("nothing of this kind has happened yet"),
    Reason.LONELY_CLUSTER: _("a stratum has a single centre"),
    Reason.NOT_RECORDED: _("the data do not hold what this needs"),
    Reason.SUPPRESSED: _("too few people to show it"),
    Reason.FEW_CLUSTERS: _("no interval: too few centres"),
    Reason.CLUSTERS_ALIKE: _("no interval: all centres are alike"),
    Reason.PERFECT_AGREEMENT: _("no interval: the raters never disagree"),
    Reason.AT_BOUNDARY: _("no interval: the data show no variation here"),
}


@register.filter
def reason_words(code: str) -> str | Promise:
    """Why an estimate has no value, or no interval, in words."""
    return REASONS.get(code, code)


@register.filter
def decimals(value: float | None, places: int = 2) -> str:
    """A number in the reader's locale with ``places`` decimals; a dash for none."""
    return "–" if value is None else written(value, places)


@register.filter
def interval(estimate: dict, places: int = 2) -> str:
    """“low to high” of a stored estimate; why it has none where its value stands alone."""
    if not estimate:
        return ""
    if estimate["low"] is None or estimate["high"] is None:
        return str(reason_words(estimate["reason"])) if estimate["sufficient"] else ""
    return _("%(low)s to %(high)s") % {
        "low": decimals(estimate["low"], places),
        "high": decimals(estimate["high"], places),
    }
