"""What the scores may be used for."""

from django.utils.translation import gettext_lazy as _

from analytics.reports.declaration import Column, Kind, Section, Table
from analytics.reports.validity.columns import DOMAIN, C, E, N, S

GENERALIZABILITY = Section(
    "generalizability",
    _("How many observers and visits are enough?"),
    _(
        "A score varies between rooms, observers and days. How much each of them varies tells how "
        "many observers and visits make a score that can be relied upon."
    ),
    (
        Table(
            "components",
            _("Where the differences come from"),
            (
                DOMAIN,
                Column(
                    "effect",
                    _("Source"),
                    Kind.WORD,
                    words={
                        "p": _("between rooms"),
                        "r": _("between observers"),
                        "pr": _("observer and room together, and the rest"),
                        "c": _("between centres"),
                        "p:c": _("between rooms of a centre"),
                        "v:pc": _("between visits to a room, and the rest"),
                    },
                ),
                Column("variance", _("Variance"), N),
                Column("share", _("Share"), S),
                Column("estimator", _("Estimator")),
            ),
            note=_("A negative variance is shown as it came out and counts as zero in the shares."),
        ),
        Table(
            "coefficients",
            _("How far the scores can be relied upon"),
            (
                DOMAIN,
                Column(
                    "what",
                    _("Of what"),
                    Kind.WORD,
                    words={
                        "observers": _("one visit, by different observers"),
                        "visits": _("one observer each time, on different days"),
                    },
                ),
                Column("g", _("G (ranking)"), E),
                Column("phi", _("Phi (level)"), E),
            ),
        ),
        Table(
            "decisions",
            _("What more observers and visits would give"),
            (
                DOMAIN,
                Column("observers", _("Observers"), C),
                Column("visits", _("Visits"), C),
                Column("g", "G", N),
                Column("phi", "Phi", N),
                Column("se", _("Standard error of a score"), N, 1),
            ),
        ),
    ),
)
CRITERION = Section(
    "criterion",
    _("Does the score last, and does it go with other measures?"),
    _(
        "A room where nothing was changed should keep its score for some weeks, and a score of "
        "quality should go together with other signs of quality."
    ),
    (
        Table(
            "stability",
            _("Again after 2 to 4 weeks"),
            (
                DOMAIN,
                Column("icc", _("ICC of first and second"), E),
                Column("sem", _("Standard error of a score"), N, 1),
                Column("detectable", _("Smallest change that can be told from noise"), N, 1),
            ),
        ),
        Table(
            "criteria",
            _("With other measures"),
            (
                DOMAIN,
                Column("with", _("With"), Kind.NAME),
                Column("r", _("Correlation"), E),
                Column("corrected", _("Corrected for unreliability"), E),
            ),
        ),
    ),
)
