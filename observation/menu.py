"""What observation adds to the menu, in the order in which it stands there."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.navigation import Entry

# Section, then label, route and permission of its entries.
TABLE: list[tuple[str | Promise, list[tuple[str | Promise, str, str]]]] = [
    (
        _("Observation"),
        [
            (_("In the field"), "field:page", "observation.record"),
            (_("Observations"), "observation:session_list", "observation.view"),
            (_("Results by place"), "observation:place_list", "observation.view"),
            (
                _("De-identified data"),
                "observation:export_deidentified",
                "observation.deidentified",
            ),
            (_("Safeguarding cases"), "observation:case_list", "observation.safeguarding"),
            (
                _("Limits of safeguarding cases"),
                "observation:safeguarding_limits",
                "observation.safeguarding_limits",
            ),
        ],
    ),
    (
        _("Instruments"),
        [
            (_("Instruments"), "observation:instrument_list", "observation.instruments"),
            (_("Training clips"), "observation:clip_list", "observation.clips"),
        ],
    ),
    (
        _("Quality of observation"),
        [
            (_("Certification"), "observation:certification_home", "observation.record"),
            (_("Observers"), "observation:observer_list", "observation.observers"),
            (_("Official rounds"), "observation:round_list", "observation.rounds"),
            (_("Double codings"), "observation:pair_list", "observation.quality"),
            (_("Drift of observers"), "observation:drift_list", "observation.quality"),
            (_("Sessions left out"), "observation:left_out_list", "observation.reinstate"),
            (
                _("Rules of quality"),
                "observation:quality_rules_edit",
                "observation.quality_rules",
            ),
        ],
    ),
]
ENTRIES = [
    Entry(label, route, permission, strand="observation", order=order, section=section)
    for order, (section, rows) in enumerate(TABLE, start=30)
    for label, route, permission in rows
]
