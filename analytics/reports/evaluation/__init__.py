"""The evaluation report: what was planned, what was found, and what speaks against believing it."""

from django.utils.translation import gettext_lazy as _

from analytics.reports.declaration import Report
from analytics.reports.evaluation.doubts import COMPARED, DOUBTS, MODELS
from analytics.reports.evaluation.found import EFFECTS, PLAN

NOTES = {
    "gain": _(
        "%(outcome)s: a gain. The difference is %(value)s points (%(level)s %% interval %(low)s to "
        "%(high)s; %(n)s rows, %(clusters)s clusters)."
    ),
    "loss": _(
        "%(outcome)s: a loss. The difference is %(value)s points (%(level)s %% interval %(low)s to "
        "%(high)s; %(n)s rows, %(clusters)s clusters)."
    ),
    "none": _(
        "%(outcome)s: no difference was shown. The data fit anything from %(low)s to %(high)s "
        "points (%(n)s rows, %(clusters)s clusters)."
    ),
    "gain_by_dose": _(
        "%(outcome)s: a gain. Each unit of the dose goes with %(value)s points (%(level)s %% "
        "interval %(low)s to %(high)s; %(n)s rows, %(clusters)s clusters)."
    ),
    "loss_by_dose": _(
        "%(outcome)s: a loss. Each unit of the dose goes with %(value)s points (%(level)s %% "
        "interval %(low)s to %(high)s; %(n)s rows, %(clusters)s clusters)."
    ),
    "none_by_dose": _(
        "%(outcome)s: it was not shown that the dose goes with a difference. The data fit anything "
        "from %(low)s to %(high)s points for each unit (%(n)s rows, %(clusters)s clusters)."
    ),
    "equivalent": _(
        "%(outcome)s: no difference that matters. The whole interval, %(low)s to %(high)s, lies "
        "within %(bound)s points."
    ),
    "no_model": _("For this design there is no multilevel model to set beside it."),
    "insufficient": _("%(outcome)s: insufficient data: %(reason)s."),
}
REPORT = Report(
    "evaluation",
    _("Evaluation report"),
    _("Did what was planned make a difference, and how sure is that?"),
    (PLAN, EFFECTS, COMPARED, MODELS, DOUBTS),
    NOTES,
)
