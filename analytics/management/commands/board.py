import datetime
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override

from analytics import queries
from analytics.actions import runs
from analytics.enums import RunKind, RunStatus
from analytics.forms import default_period
from analytics.management.choices import place_of
from analytics.management.progress import ProgressLine
from analytics.reports import bundle, documents
from analytics.reports.board import REPORT
from observation.queries import CHECKLIST


class Command(BaseCommand):
    """Write the board of a unit in all its forms."""

    help = "Write the board of a unit (HTML, PDF, XLSX, JSON, data)."

    def add_arguments(self, parser):
        parser.add_argument("--unit", default="", help="code of the unit; the country by default")
        parser.add_argument("--from", dest="starts_on", type=datetime.date.fromisoformat)
        parser.add_argument("--to", dest="ends_on", type=datetime.date.fromisoformat)
        parser.add_argument("--out", type=Path, default=None, help="folder; var/reports by default")
        parser.add_argument("--instrument", default=CHECKLIST, help="its code; the checklist's own")
        parser.add_argument("--seed", type=int, default=runs.SEED)
        parser.add_argument("--language", default=settings.LANGUAGE_CODE)

    def handle(self, *, unit: str, out: Path | None, language: str, **options):
        starts_on, ends_on = default_period(options["ends_on"] or timezone.localdate())
        with override(language):
            run = runs.request(
                kind=RunKind.BOARD,
                unit=place_of(unit),
                starts_on=options["starts_on"] or starts_on,
                ends_on=ends_on,
                options=queries.board_options(options["instrument"]),
                seed=options["seed"],
                background=False,
            )
            line = ProgressLine(self.stderr)
            run = runs.compute(run=run, tell=line)
            line.end()
            if run.status != RunStatus.DONE:
                raise CommandError(run.failure or "The board could not be computed; see the log.")
            for section in documents.build(REPORT, run.result).sections:
                self.stdout.write(section.title)
                for note in section.notes:
                    self.stdout.write(f"  {note}")
            for path in bundle.write(REPORT, run, out or settings.BASE_DIR / "var" / "reports"):
                self.stdout.write(f"Written: {path}")
