import datetime
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override

from analytics import queries
from analytics.actions import runs
from analytics.enums import Observers, RunKind, RunStatus
from analytics.management.choices import unit_of, version_of
from analytics.management.progress import ProgressLine
from analytics.reports import bundle, documents
from analytics.reports.documents import named
from analytics.reports.validity import REPORT as VALIDITY
from core.templatetags.estimates import reason_words


class Command(BaseCommand):
    """Write the validity report of an instrument in all its forms."""

    help = "Write the validity report of an instrument (HTML, PDF, XLSX, JSON, data)."

    def add_arguments(self, parser):
        parser.add_argument("instrument", help="code of the instrument")
        parser.add_argument("--version-number", type=int, help="the newest published by default")
        parser.add_argument("--unit", default="", help="code of the unit; all by default")
        parser.add_argument("--from", dest="starts_on", type=datetime.date.fromisoformat)
        parser.add_argument("--to", dest="ends_on", type=datetime.date.fromisoformat)
        parser.add_argument("--out", type=Path, default=None, help="folder; var/reports by default")
        parser.add_argument("--observers", choices=Observers.values, default=Observers.OFFICIAL)
        parser.add_argument("--seed", type=int, default=runs.SEED)
        parser.add_argument("--language", default=settings.LANGUAGE_CODE)

    def handle(self, *, instrument: str, out: Path | None, language: str, **options):
        version = version_of(instrument, options["version_number"])
        today = timezone.localdate()
        with override(language):
            run = runs.request(
                kind=RunKind.VALIDITY,
                unit=unit_of(version, options["unit"]),
                starts_on=options["starts_on"] or datetime.date(2000, 1, 1),
                ends_on=options["ends_on"] or today,
                options=queries.validity_options(version, options["observers"]),
                seed=options["seed"],
                background=False,
            )
            line = ProgressLine(self.stderr)
            run = runs.compute(run=run, tell=line)
            line.end()
            if run.status != RunStatus.DONE:
                raise CommandError(run.failure or "The report could not be computed; see the log.")
            paths = bundle.write(VALIDITY, run, out or settings.BASE_DIR / "var" / "reports")
            self._tell(run.result, paths)

    def _tell(self, result: dict, paths: list[Path]) -> None:
        counts = {row["what"]: row["n"] for row in result["read"]["tables"]["counts"]}
        self.stdout.write(
            f"{counts['sessions']} rows, of which {counts['duplicates']} exact duplicate(s); "
            f"{counts['subjects']} rated by {counts['raters']} rater(s)."
        )
        for row in result["internal"]["tables"]["domains"]:
            alpha = row["alpha"]
            told = (
                f"alpha {alpha['value']:.4f} (95 % {alpha['low']:.2f} to {alpha['high']:.2f})"
                if alpha["sufficient"]
                else f"insufficient data ({reason_words(alpha['reason'])})"
            )
            name = named("domain", row["domain"], result["names"])
            self.stdout.write(f"  {name}: {row['complete']} of {row['rows']} complete, {told}")
        for gate in documents.build(VALIDITY, result).gates:
            self.stdout.write(f"  {gate.title} {gate.subject}: {gate.state} ({gate.found.text})")
        for path in paths:
            self.stdout.write(f"Written: {path}")
