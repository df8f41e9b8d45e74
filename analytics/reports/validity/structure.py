"""Whether the items group as designed."""

from django.utils.translation import gettext_lazy as _

from analytics.reports.declaration import Column, Kind, Section, Table
from analytics.reports.validity.columns import DOMAIN, ITEM, REASON, SHARE, C, E, N, P

STRUCTURE = Section(
    "structure",
    _("Do the items group as designed?"),
    _(
        "Published instruments of this kind show high alpha and poor fit of their structure: read "
        "the fit beside the other parts, never alone."
    ),
    (
        Table(
            "fit",
            _("Fit of the designed structure"),
            (
                Column(
                    "model",
                    _("Model"),
                    Kind.WORD,
                    words={
                        "domains": _("the domains as designed"),
                        "one": _("a single factor"),
                        "alone": _("a domain by itself"),
                    },
                ),
                DOMAIN,
                Column("estimator", _("Estimator")),
                Column("n", "n", C),
                Column("chisq", _("Chi-square"), N),
                Column("df", _("Degrees of freedom"), C),
                Column("p", "p", P),
                Column("cfi", "CFI", N, 3),
                Column("tli", "TLI", N, 3),
                Column("rmsea", _("RMSEA (90 % interval)"), E, 3),
                Column("srmr", "SRMR", N, 3),
                REASON,
            ),
        ),
        Table(
            "loadings",
            _("Loadings"),
            (ITEM, DOMAIN, Column("loading", _("Standardised loading"), E)),
            chart="loading",
            limits=SHARE,
        ),
        Table(
            "parallel",
            _("How many factors do the data hold?"),
            (
                Column("factor", _("Factor"), C),
                Column("eigenvalue", _("Eigenvalue"), N),
                Column("random", _("Of random data (95 %)"), N),
            ),
            note=_("A factor counts while its eigenvalue is above that of random data."),
        ),
        Table(
            "explored",
            _("Factors found without a design"),
            (
                ITEM,
                *(Column(f"f{i}", f"F{i}", N) for i in range(1, 7)),
                Column("communality", _("Communality"), N),
            ),
            note=_("Polychoric correlations, minimum residuals, oblimin rotation."),
        ),
        Table(
            "invariance",
            _("Is the structure the same in all groups?"),
            (
                Column(
                    "by",
                    _("Groups"),
                    Kind.WORD,
                    words={
                        "age_group": _("age groups"),
                        "provision": _("types of provision"),
                        "region": _("regions"),
                    },
                ),
                Column(
                    "step",
                    _("Held equal"),
                    Kind.WORD,
                    words={
                        "configural": _("only which item belongs where"),
                        "thresholds": _("where the steps lie"),
                        "metric": _("and how closely items belong"),
                        "scalar": _("and the level of items"),
                        "strict": _("and the noise of each item"),
                    },
                ),
                Column("n", "n", C),
                Column("chisq", _("Chi-square"), N),
                Column("df", _("Degrees of freedom"), C),
                Column("cfi", "CFI", N, 3),
                Column("change_cfi", _("Change of CFI"), N, 3),
                Column("rmsea", "RMSEA", N, 3),
                Column("p", _("p of the difference"), P),
                REASON,
            ),
            note=_(
                "A CFI that falls by .01 or more says that the step does not hold "
                "(Cheung and Rensvold 2002)."
            ),
        ),
    ),
)
