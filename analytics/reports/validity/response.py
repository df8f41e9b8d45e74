"""What each step of an item says, and to whom."""

from django.utils.translation import gettext_lazy as _

from analytics.reports.declaration import Column, Kind, Section, Table
from analytics.reports.validity.columns import DOMAIN, ITEM, REASON, C, E, N, P

RESPONSE = Section(
    "response",
    _("What each step of an item says"),
    _(
        "Response models place items and rooms on one line: which items are hard, where the "
        "checklist tells rooms apart well, and whether an item works the same everywhere."
    ),
    (
        Table(
            "items",
            _("Graded response model"),
            (
                ITEM,
                DOMAIN,
                Column("a", _("Discrimination"), E),
                *(Column(f"b{i}", f"b{i}", N) for i in range(1, 11)),
            ),
            note=_("b: the place on the line where half reach that step or a higher one."),
        ),
        Table(
            "information",
            _("Where the checklist measures well"),
            (
                DOMAIN,
                Column("theta", _("Place on the line"), N, 1),
                Column("information", _("Information"), N),
                Column("se", _("Standard error"), N),
            ),
        ),
        Table(
            "persons",
            _("How well are rooms told apart?"),
            (
                DOMAIN,
                Column("n", _("Rows"), C),
                Column("reliability", _("Marginal reliability"), N),
                Column("loglik", _("Log-likelihood"), N, 1),
                REASON,
            ),
        ),
        Table(
            "fit",
            _("Partial credit model: fit of items"),
            (
                ITEM,
                DOMAIN,
                Column("infit", _("Infit"), N),
                Column("outfit", _("Outfit"), N),
            ),
            note=_("Near 1: as expected. Above 1.5: noisy. Below 0.5: tells nothing new."),
        ),
        Table(
            "dif",
            _("Items that work otherwise in some group"),
            (
                ITEM,
                Column(
                    "by",
                    _("Groups"),
                    Kind.WORD,
                    words={
                        "region": _("regions"),
                        "age_group": _("age groups"),
                        "provision": _("types of provision"),
                    },
                ),
                Column("group", _("Group"), Kind.NAME),
                Column("effect", _("Log odds at the same place on the line"), E),
                Column("p", _("p, corrected for several tests"), P),
                Column(
                    "size",
                    _("Size"),
                    Kind.WORD,
                    words={
                        "A": _("negligible"),
                        "B": _("moderate"),
                        "C": _("large"),
                    },
                ),
            ),
            note=_("Only moderate and large differences that remain after correction are listed."),
        ),
    ),
)
