"""The evaluation report: what was planned, what was found, and what speaks against believing it."""

from django.utils.translation import gettext_lazy as _

from analytics.reports.declaration import Column, Kind, Report, Section, Table
from core.templatetags.estimates import REASONS

C, E, N, P, S = Kind.COUNT, Kind.ESTIMATE, Kind.NUMBER, Kind.P, Kind.SHARE
OUTCOME = Column("outcome", _("Outcome"), Kind.NAME)
# Why a table is not there although nothing was missing.
NO_REASONS = {"p above alpha without any bias": _("even without one, p is above the level")}

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
                        "baselines": _("baselines"),
                        "covariates": _("covariates"),
                        "multiplicity": _("rule for several outcomes"),
                        "alpha": _("level"),
                        "minimum_n": _("fewest rows"),
                        "minimum_clusters": _("fewest clusters"),
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
            ),
            note=_(
                "In points of the outcome; by dose, points for each unit of dose. Centres, not "
                "rooms, count for the interval."
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
            note=_(
                "Before it began the effect should be about 0, or the groups already moved apart."
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
                Column("difference", _("Difference from the first"), N),
                Column("difference_low", _("from"), N),
                Column("difference_high", _("to"), N),
            ),
            note=_("Rooms are not given their dose by lot: this is no proof of an effect."),
        ),
    ),
)
COMPARED = Section(
    "compared",
    _("Who was compared"),
    _(
        "How many rooms and centres were there at each step, and whether the groups were alike "
        "before. Where they differed by more than .25 standard deviations, no adjustment is enough."
    ),
    (
        Table(
            "flow",
            _("From all rows to those compared"),
            (
                OUTCOME,
                Column(
                    "step",
                    _("Step"),
                    Kind.WORD,
                    words={
                        "given": _("given"),
                        "with the outcome": _("with the outcome"),
                        "with outcome, arm and cluster": _("with outcome, arm and cluster"),
                        "with every column of the plan": _("with every column of the plan"),
                        "in a matched pair": _("in a matched pair"),
                        "not treated from the first period": _("not mentored from the start"),
                    },
                ),
                Column("rows", _("Rows"), C),
                Column("clusters", _("Clusters"), C),
            ),
        ),
        Table(
            "balance",
            _("Were the groups alike before?"),
            (
                OUTCOME,
                Column("name", _("What")),
                Column("mean_treated", _("Mean with mentoring"), N),
                Column("mean_control", _("Mean without"), N),
                Column("standardised_difference", _("Standardised difference"), N),
                Column("before", _("Standardised difference before matching"), N),
                Column("after", _("after matching"), N),
            ),
        ),
    ),
)
MODELS = Section(
    "models",
    _("The same by another model"),
    _(
        "A multilevel model makes other assumptions. Where it says the same, the result does not "
        "hang on how it was computed. It is there for trials, matched centres and doses."
    ),
    (
        Table(
            "models",
            _("Multilevel model"),
            (OUTCOME, Column("effect", _("Effect"), E), Column("p", "p", P)),
        ),
    ),
)
DOUBTS = Section(
    "doubts",
    _("What speaks against believing it"),
    _(
        "Rooms that were lost, groups that already moved apart, causes nobody recorded; and what "
        "the plan asks for and the data cannot answer."
    ),
    (
        Table(
            "attrition",
            _("Who was lost"),
            (
                OUTCOME,
                Column(
                    "level",
                    _("Of what"),
                    Kind.WORD,
                    words={"unit": _("rooms"), "cluster": _("centres")},
                ),
                Column("overall", _("Lost in all"), S),
                Column("differential", _("Difference between the groups"), S),
                Column(
                    "boundary",
                    _("Is that a lot?"),
                    Kind.WORD,
                    words={
                        "low": _("little"),
                        "depends": _("little, unless mentoring made them leave"),
                        "high": _("a lot: do not trust the effect"),
                    },
                ),
            ),
            note=_("By the boundaries of the What Works Clearinghouse."),
        ),
        Table(
            "hidden",
            _("How strong would a hidden cause have to be?"),
            (
                OUTCOME,
                Column("gamma", _("Odds of selection (Gamma)"), N),
                Column("p_upper", _("Largest p"), P),
                Column("partial_r2", _("Share explained by the dose"), N),
                Column("value", _("Robustness value"), N),
                Column("value_alpha", _("Robustness value of significance"), N),
            ),
            note=_(
                "Gamma: a hidden cause that changed the odds of mentoring so many times could "
                "bring p up to this. Robustness value: the share of what is left of dose and "
                "outcome that a hidden cause would have to explain to take the effect away."
            ),
        ),
        Table(
            "trend",
            _("Did the groups move apart before?"),
            (OUTCOME, Column("p", _("p of all periods before together"), P)),
        ),
        Table(
            "not_computed",
            _("What could not be computed"),
            (
                OUTCOME,
                Column(
                    "what",
                    _("What"),
                    Kind.WORD,
                    words={
                        "estimate": _("effect"),
                        "effect size": _("effect in standard deviations"),
                        "hidden bias": _("hidden cause"),
                        "trend before": _("trend before"),
                    },
                ),
                Column("reason", _("Why not"), Kind.WORD, words=REASONS | NO_REASONS),
                Column("column", _("Column that is not there")),
            ),
        ),
    ),
)
NOTES = {
    "gain": _(
        "%(outcome)s: a gain. The difference is %(value)s points (%(confidence)s %% interval "
        "%(low)s to %(high)s; %(n)s rows, %(clusters)s clusters)."
    ),
    "loss": _(
        "%(outcome)s: a loss. The difference is %(value)s points (%(confidence)s %% interval "
        "%(low)s to %(high)s; %(n)s rows, %(clusters)s clusters)."
    ),
    "none": _(
        "%(outcome)s: no difference was shown. The data fit anything from %(low)s to %(high)s "
        "points (%(n)s rows, %(clusters)s clusters)."
    ),
    "equivalent": _(
        "%(outcome)s: no difference that matters. The whole interval, %(low)s to %(high)s, lies "
        "within %(bound)s points."
    ),
    "insufficient": _("%(outcome)s: insufficient data: %(reason)s."),
}
REPORT = Report(
    "evaluation",
    _("Evaluation report"),
    _("Did what was planned make a difference, and how sure is that?"),
    (PLAN, EFFECTS, COMPARED, MODELS, DOUBTS),
    NOTES,
)
