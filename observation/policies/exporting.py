"""What an export may hold."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.refusals import Refusal
from observation.enums import ExportForm, ExportLevel, ItemKind
from observation.models import Export

# A sheet of Excel ends there, and the other forms are held in memory whole while they are written.
MOST_ROWS = 1_000_000
CYCLES = 2  # of a session, as programmes do


def export_rows(export: Export, sessions: int) -> int:
    """About how many rows so many sessions become."""
    rows = sessions
    if export.level != ExportLevel.SCORES:
        rows *= max(CYCLES, export.version.minimum_cycles)
    if export.level == ExportLevel.LONG:
        rows *= export.version.items.filter(kind=ItemKind.SCORED).count()
    return rows


def export_fits(export: Export, sessions: int) -> None:
    """Refuse an empty one, and one that its form cannot hold."""
    if not sessions:
        raise Refusal(_("There is no closed session of this instrument in this place and period."))
    rows = export_rows(export, sessions)
    if rows > MOST_ROWS and export.form != ExportForm.CSV:
        raise Refusal(
            _(
                "About %(rows)s rows are too many for this kind of file. Choose CSV, a row for "
                "each cycle, or a shorter period."
            )
            % {"rows": rows}
        )


def export_hides(centres: int, least: int) -> None:
    """Refuse drawn numbers that hide nobody: of few centres everybody knows which they are."""
    if centres < least:
        raise Refusal(
            ngettext(
                "It holds %(centres)s centre; drawn numbers hide it from %(least)s centres on. "
                "Choose a larger place or a longer period.",
                "It holds %(centres)s centres; drawn numbers hide them from %(least)s centres on. "
                "Choose a larger place or a longer period.",
                centres,
            )
            % {"centres": centres, "least": least}
        )
