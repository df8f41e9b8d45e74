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
    Reason.CHANGING_RATERS: _(
        "raters came in changing pairs; that needs a mixed model, which comes later"
    ),
    Reason.NO_OVERLAP: _("no two sources saw the same"),
    Reason.ALL_MISSING: _("nothing was answered"),
    Reason.FEW_CLUSTERS: _("no interval: too few centres"),
    Reason.CLUSTERS_ALIKE: _("no interval: all centres are alike"),
    Reason.PERFECT_AGREEMENT: _("no interval: the raters never disagree"),
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
