"""What was read, and what each item was given."""

from django.utils.translation import gettext_lazy as _

from analytics.reports.declaration import Column, Kind, Section, Table
from analytics.reports.validity.columns import DOMAIN, ITEM, C, N, S

READ = Section(
    "read",
    _("What was read"),
    _(
        "Before any figure: how much there is, from how many observers and centres, and what is "
        "missing. Not applicable is neither missing nor zero."
    ),
    (
        Table(
            "counts",
            _("Counts"),
            (
                Column(
                    "what",
                    _("What"),
                    Kind.WORD,
                    words={
                        "sessions": _("sessions"),
                        "duplicates": _("of them exact repetitions"),
                        "subjects": _("rooms on a day, or things rated"),
                        "raters": _("observers"),
                        "clusters": _("centres"),
                        "double": _("rated by two observers or more"),
                        "ratings": _("ratings with a value"),
                        "na": _("not applicable"),
                        "missing": _("missing"),
                    },
                ),
                Column("n", _("Number"), C),
            ),
        ),
    ),
)
ITEMS = Section(
    "items",
    _("Each item"),
    _(
        "An item where nearly all rooms stand at one end tells rooms apart badly; one that does "
        "not go with the rest of its domain measures something else."
    ),
    (
        Table(
            "items",
            _("Items"),
            (
                ITEM,
                DOMAIN,
                Column("n", _("Scored"), C),
                Column("na", _("Not applicable"), C),
                Column("missing", _("Missing"), C),
                Column("mean", _("Mean"), N),
                Column("sd", _("Standard deviation"), N),
                Column("floor", _("Floor"), S),
                Column("ceiling", _("Ceiling"), S),
                Column("item_rest", _("With the rest"), N),
                Column("alpha_if_dropped", _("Alpha without it"), N),
            ),
            note=_(
                "Floor and ceiling: share of ratings at the item's own lowest and highest step. "
                "The last two columns are over the rows that have every item of the domain."
            ),
        ),
    ),
)
