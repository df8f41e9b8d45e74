"""What was planned, and what was found."""

from django.utils.translation import gettext_lazy as _

from analytics.reports.declaration import Column, Kind, Section, Table
from analytics.reports.evaluation.columns import OUTCOME, C, E, N, P

PLAN = Section(
    "plan",
    _("What was planned"),
    _("The plan was fixed before the outcomes were compared; its hash shows that it is this one."),
    (
        Table(
            "entries",
            _("The plan"),
            (
                Column(
                    "what",
                    _("Entry"),
                    Kind.WORD,
                    words={
                        "question": _("question"),
                        "design": _("design"),
                        "estimator": _("estimator"),
                        "primary": _("primary outcomes"),
                        "secondary": _("secondary outcomes"),
                        "unit": _("unit"),
                        "cluster": _("cluster"),
                        "arm": _("column of the arm"),
                        "treatment": _("arm with mentoring"),
                        "start": _("column of the start"),
                        "period": _("column of the period"),
                        "after": _("column of before and after"),
                        "dose": _("column of the dose"),
                        "strata": _("column of the strata"),
                        "pairs": _("column of the pairs"),
                        "baselines": _("baselines"),
                        "covariates": _("covariates"),
                        "lower_is_better": _("outcomes where lower is better"),
                        "equivalence": _("differences that would not matter"),
                        "multiplicity": _("rule for several outcomes"),
                        "alpha": _("level"),
                        "minimum_n": _("fewest rows"),
                        "minimum_clusters": _("fewest clusters"),
                        "reliability": _("reliability of the baseline"),
                        "resamples": _("resamples"),
                        "seed": _("seed"),
                        "rows": _("how sessions become rows"),
                        "assigned": _("rows of the assignment"),
                        "hash": _("hash (SHA-256)"),
                    },
                ),
                Column("said", _("What the plan says")),
            ),
        ),
    ),
)
EFFECTS = Section(
    "effects",
    _("What was found"),
    _(
        "A gain, a loss and no difference are said equally plainly. No difference shown is not the "
        "same as no difference: the interval says how large it may still be."
    ),
    (
        Table(
            "effects",
            _("Effects"),
            (
                OUTCOME,
                Column(
                    "family",
                    _("Family"),
                    Kind.WORD,
                    words={"primary": _("primary"), "secondary": _("secondary")},
                ),
                Column(
                    "verdict",
                    _("Verdict"),
                    Kind.WORD,
                    words={
                        "gain": _("gain"),
                        "loss": _("loss"),
                        "none": _("no difference shown"),
                        "insufficient": _("insufficient data"),
                    },
                ),
                Column("effect", _("Effect"), E),
                Column("p", "p", P),
                Column("p_adjusted", _("p, corrected for several outcomes"), P),
                Column("size", _("In standard deviations (Hedges g)"), E),
                Column("by_lot", _("p by drawing the lots again"), P),
                Column("icc", _("Likeness within a cluster (ICC)"), N),
            ),
            note=_(
                "In points of the outcome; by dose, points for each unit of dose. Centres, not "
                "rooms, count for the interval. The verdict goes by the p for all outcomes "
                "together, the interval by this outcome alone: the two may differ."
            ),
            chart="effect",
            reference=0.0,
        ),
        Table(
            "events",
            _("Before and after mentoring began"),
            (
                OUTCOME,
                Column("event", _("Periods since it began"), N, 0),
                Column("estimate", _("Effect"), N),
                Column("low", _("from"), N),
                Column("high", _("to"), N),
            ),
            note=_("Before it began the effect should be about 0, or the groups already parted."),
        ),
        Table(
            "cohorts",
            _("By when mentoring began"),
            (
                OUTCOME,
                Column("cohort", _("Period in which it began"), N, 0),
                Column("n", "n", C),
                Column("estimate", _("Effect"), N),
                Column("low", _("from"), N),
                Column("high", _("to"), N),
            ),
        ),
        Table(
            "doses",
            _("By dose"),
            (
                OUTCOME,
                Column("group", _("Dose")),
                Column("n", "n", C),
                Column("mean", _("Mean at the same first score"), N),
                Column("low", _("from"), N),
                Column("high", _("to"), N),
                Column("difference", _("Difference from the first"), N),
                Column("difference_low", _("difference from"), N),
                Column("difference_high", _("difference to"), N),
            ),
            note=_("Rooms are not given their dose by lot: this is no proof of an effect."),
        ),
    ),
)
