"""Who was compared, and what speaks against believing what was found."""

from django.utils.translation import gettext_lazy as _

from analytics.reports.declaration import Column, Kind, Section, Table
from analytics.reports.evaluation.columns import OUTCOME, C, E, N, P, S
from core.templatetags.estimates import REASONS

WHY = REASONS | {
    "p above alpha without any bias": _("the difference is not sure even without a hidden cause"),
}
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
                        "with every column of the plan": _("with every column of the plan"),
                        "in a matched pair": _("in a matched pair"),
                        "with outcome, arm and cluster": _("with outcome, arm and cluster"),
                        "not treated from the first period": _(
                            "not yet mentored in the first period"
                        ),
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
                    _("How much that is"),
                    Kind.WORD,
                    words={
                        "low": _("low"),
                        "depends": _("low only if mentoring itself made nobody leave"),
                        "high": _("high"),
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
            "left_out",
            _("Comparisons left out"),
            (
                OUTCOME,
                Column("cohort", _("Period in which it began"), N, 0),
                Column("period", _("Period"), N, 0),
                Column("reason", _("Why not"), Kind.WORD, words=REASONS),
            ),
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
                        "hidden bias": _("how strong a hidden cause would have to be"),
                        "trend before": _("whether the groups moved apart before"),
                    },
                ),
                Column("reason", _("Why not"), Kind.WORD, words=WHY),
                Column("column", _("Column that is not there")),
            ),
        ),
    ),
)
