import datetime
import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import override

from analytics.actions import runs
from analytics.enums import RunKind, RunStatus
from analytics.management.progress import ProgressLine
from analytics.models import Run
from observation.models import InstrumentVersion
from organisations.models import Unit


class Command(BaseCommand):
    """Write a first validity report of an instrument, as a page and as data."""

    help = "Write the validity report of an instrument (HTML and JSON)."

    def add_arguments(self, parser):
        parser.add_argument("instrument", help="code of the instrument")
        parser.add_argument("--version-number", type=int, help="the newest published by default")
        parser.add_argument("--unit", default="", help="code of the unit; all by default")
        parser.add_argument("--from", dest="starts_on", type=datetime.date.fromisoformat)
        parser.add_argument("--to", dest="ends_on", type=datetime.date.fromisoformat)
        parser.add_argument("--out", type=Path, default=None, help="folder; var/reports by default")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE)

    def handle(self, *, instrument: str, out: Path | None, language: str, **options):
        version = _version(instrument, options["version_number"])
        today = timezone.localdate()
        with override(language):
            run = runs.request(
                kind=RunKind.VALIDITY,
                unit=_unit(version, options["unit"]),
                starts_on=options["starts_on"] or datetime.date(2000, 1, 1),
                ends_on=options["ends_on"] or today,
                options={"version": version.pk, "language": language},
                background=False,
            )
            line = ProgressLine(self.stderr)
            run = runs.compute(run=run, tell=line)
            line.end()
            if run.status != RunStatus.DONE:
                raise CommandError(run.failure or "The report could not be computed; see the log.")
            folder = out or settings.BASE_DIR / "var" / "reports"
            paths = _write(run, folder / f"validity-{slugify(instrument)}-v{version.number}")
        self._tell(run.result, paths)

    def _tell(self, result: dict, paths: list[Path]) -> None:
        self.stdout.write(
            f"{result['rows']} rows, of which {result['exact_duplicates']} exact duplicate(s); "
            f"{result['subjects']} rated by {result['raters']} rater(s)."
        )
        for domain in result["domains"]:
            alpha = domain["alpha"]
            told = (
                f"alpha {alpha['value']:.4f} (95 % {alpha['low']:.2f} to {alpha['high']:.2f})"
                if alpha["sufficient"]
                else f"insufficient data ({alpha['reason']})"
            )
            self.stdout.write(
                f"  {domain['name']}: {domain['complete']} of {domain['rows']} complete, {told}"
            )
        for path in paths:
            self.stdout.write(f"Written: {path}")


def _version(code: str, number: int | None) -> InstrumentVersion:
    versions = InstrumentVersion.objects.filter(instrument__code=code).exclude(status="draft")
    if number:
        versions = versions.filter(number=number)
    if found := versions.order_by("-number").first():
        return found
    known = ", ".join(
        InstrumentVersion.objects.exclude(status="draft")
        .values_list("instrument__code", flat=True)
        .distinct()
    )
    raise CommandError(
        f"There is no published instrument “{code}”. "
        + (f"There are: {known}." if known else "Load or import one first.")
    )


def _unit(version: InstrumentVersion, code: str) -> Unit:
    if code:
        if found := Unit.objects.filter(code=code).first():
            return found
        raise CommandError(f"There is no unit with the code {code}.")
    if hasattr(version, "dataset"):
        return version.dataset.unit
    if found := Unit.objects.filter(depth=1).first():
        return found
    raise CommandError("There are no units yet. Load them first: manage.py load_country")


def _write(run: Run, stem: Path) -> list[Path]:
    """The report as a page, its style and its data, side by side."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    style = stem.parent / "report.css"
    style.write_text((settings.BASE_DIR / "static" / "css" / "report.css").read_text())
    page, data = stem.with_suffix(".html"), stem.with_suffix(".json")
    page.write_text(
        render_to_string("analytics/validity_report.html", {"run": run, "report": run.result})
    )
    # The same inputs give the same bytes: times and run numbers stay out.
    facts = {
        "inputs_hash": run.inputs_hash,
        "seed": run.seed,
        "code_version": run.code_version,
        "packages": run.packages,
        "report": run.result,
    }
    data.write_text(json.dumps(facts, ensure_ascii=False, indent=2, sort_keys=True) + "\n")
    return [page, data]
