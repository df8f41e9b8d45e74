"""The validity report: which figures it has, and what each part says to those who use scores."""

from django.utils.translation import gettext_lazy as _

from analytics.reports.declaration import Report
from analytics.reports.validity.agreement import AGREEMENT, INTERNAL
from analytics.reports.validity.decisions import CRITERION, GENERALIZABILITY
from analytics.reports.validity.ratings import ITEMS, READ
from analytics.reports.validity.response import RESPONSE
from analytics.reports.validity.structure import STRUCTURE

NOTES = {
    "official_only": _("Only official evaluations by observers other than the room's mentor."),
    "all_observers": _("All sessions, whoever observed: formative ones too."),
    "imported": _("Imported ratings: they are not the programme's and count nowhere else."),
    "first_cycle": _(
        "Models of steps use, of each session, the first cycle in which the item has a value."
    ),
    "confounded": _(
        "Observers %(raters)s rated nothing together with the rest: how severe they are cannot be "
        "told from how good their rooms are."
    ),
    "factors": _(
        "Factors that stand out against random data: %(found)s. Domains in the design: "
        "%(designed)s."
    ),
    "enough_observers": _("%(domain)s: with %(n)s observers at a visit Phi reaches %(target)s."),
    "never_enough_observers": _(
        "%(domain)s: not even %(n)s observers at a visit bring Phi to %(target)s."
    ),
    "enough_visits": _("%(domain)s: with %(n)s visits Phi reaches %(target)s."),
    "never_enough_visits": _("%(domain)s: not even %(n)s visits bring Phi to %(target)s."),
    "no_criterion": _(
        "No other measure of quality is known. For imported ratings, name one under “facts” in the "
        "map of the import."
    ),
    "too_many_steps": _(
        "%(domain)s: an item with %(n)s different values is a measure, not an answer in steps; "
        "models of steps are left out."
    ),
    "dif_none": _("No item was shown to work otherwise in any group."),
    "dif_untested": _("No item could be compared between groups: there are too few in each."),
    "groups_left_out": _("Groups left out for having too few rows: %(groups)s."),
    "items_left_out": _("Items left out, since they seldom apply or never vary: %(items)s."),
    "fit_sampled": _(
        "The fit of the partial credit model rests on %(n)s of %(total)s rows, drawn by the seed "
        "of the report."
    ),
    "sampled": _("Computed on %(n)s of %(total)s rows, drawn by the seed of the report."),
}
REPORT = Report(
    "validity",
    _("Validity report"),
    _("Does the instrument measure what it says, and may its scores be used as they are used?"),
    (READ, ITEMS, AGREEMENT, INTERNAL, STRUCTURE, RESPONSE, GENERALIZABILITY, CRITERION),
    NOTES,
)
