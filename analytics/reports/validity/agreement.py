"""Whether observers agree, and whether items do."""

from django.utils.translation import gettext_lazy as _

from analytics.reports.declaration import Column, Kind, Section, Table
from analytics.reports.validity.columns import DOMAIN, ITEM, OBSERVER, SHARE, C, E, N

AGREEMENT = Section(
    "agreement",
    _("Do observers agree?"),
    _(
        "If two observers of the same room give different scores, a score says as much about the "
        "observer as about the room. Exact agreement and kappa stand side by side, since nearly "
        "everyone can agree on an easy item without any skill."
    ),
    (
        Table(
            "domains",
            _("Agreement by domain"),
            (
                DOMAIN,
                Column("icc", _("ICC of one observer"), E),
                Column("icc_mean", _("ICC of the mean of the observers"), E),
                Column("one_way", _("One-way ICC of the first two"), E),
                Column("consistency", _("ICC without severity (consistency)"), E),
                Column(
                    "model",
                    _("Computed by"),
                    Kind.WORD,
                    words={
                        "anova": _("analysis of variance: every observer saw everything"),
                        "mixed": _("mixed model: observers came in changing pairs"),
                    },
                ),
            ),
            chart="icc",
            limits=SHARE,
        ),
        Table(
            "items",
            _("Agreement by item"),
            (
                ITEM,
                Column("exact", _("Exact"), E),
                Column("within_one", _("Within one step"), E),
                Column("kappa", _("Quadratic kappa"), E),
                Column("ac2", _("Gwet's AC2"), E),
                Column("alpha", _("Krippendorff's alpha"), E),
            ),
            note=_(
                "On a short scale “within one step” says little: nine in ten come about without "
                "skill. Intervals rest on the rated rooms, not on single ratings."
            ),
        ),
        Table(
            "observers",
            _("How severe is each observer?"),
            (
                OBSERVER,
                Column("severity", _("Above or below the others"), E),
                Column("shrunken", _("The same, nearer to zero where it is uncertain"), N),
            ),
            note=_(
                "Points of the whole score, compared over the same rooms. For training, never for "
                "pay."
            ),
            chart="severity",
            reference=0.0,
        ),
        Table(
            "pairs",
            _("Limits of agreement of two observers"),
            (
                DOMAIN,
                Column("bias", _("Mean difference"), E, 1),
                Column("lower", _("Lower limit"), E, 1),
                Column("upper", _("Upper limit"), E, 1),
            ),
            note=_("Bland and Altman: between these limits lie 95 of 100 differences."),
        ),
    ),
)
INTERNAL = Section(
    "internal",
    _("Do the items of a domain rise and fall together?"),
    _(
        "Alpha and omega say how steady the sum of a domain's items is. They do not say whether "
        "the items measure one thing, whether the score is right, or whether observers agree."
    ),
    (
        Table(
            "domains",
            _("Internal consistency by domain"),
            (
                DOMAIN,
                Column("items", _("Items"), C),
                Column("rows", _("Rows"), C),
                Column("complete", _("Complete rows"), C),
                Column("alpha", _("Alpha"), E, 4),
                Column("without_duplicates", _("Alpha without repeated rows"), E, 4),
                Column("pairwise", _("Alpha, every pair of items counting"), E, 4),
                Column("by_centre", _("Alpha, interval by centres"), E, 4),
                Column("omega", _("Omega"), E),
                Column("omega_hierarchical", _("Omega of the general factor"), E),
            ),
            note=_(
                "Alpha is over the rows that have every item (listwise), unless the column says "
                "otherwise."
            ),
            chart="alpha",
            limits=SHARE,
        ),
    ),
)
