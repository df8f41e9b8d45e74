import datetime
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override

from analytics import policies, queries
from analytics.actions import plans, runs
from analytics.enums import Observers, RunKind, RunStatus
from analytics.management.choices import unit_of, version_of
from analytics.management.progress import ProgressLine
from analytics.models import EvaluationPlan
from analytics.reports import bundle, documents
from analytics.reports.evaluation import REPORT
from analytics.serializers import plan_files
from core.refusals import Refusal


class Command(BaseCommand):
    """Fix an analysis plan and run it, or run one that is frozen already."""

    help = "Run a frozen analysis plan; --plan writes and freezes it first."

    def add_arguments(self, parser):
        parser.add_argument("name", help="code of a plan; with --plan that of an instrument")
        parser.add_argument("--plan", type=Path, help="TOML file of the plan")
        parser.add_argument("--assignment", type=Path, help="CSV: centre or room, arm and more")
        parser.add_argument("--version-number", type=int, help="the newest published by default")
        parser.add_argument("--unit", default="", help="code of the unit; all by default")
        parser.add_argument("--from", dest="starts_on", type=datetime.date.fromisoformat)
        parser.add_argument("--to", dest="ends_on", type=datetime.date.fromisoformat)
        parser.add_argument("--observers", choices=Observers.values, default=Observers.OFFICIAL)
        parser.add_argument("--seed", type=int, help="that of the plan by default")
        parser.add_argument("--out", type=Path, default=None, help="folder; var/reports by default")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE)

    def handle(self, *, name: str, out: Path | None, language: str, **options):
        with override(language):
            plan = self._plan(name, options)
            asked = queries.plan_run(plan, timezone.localdate(), options["observers"])
            chosen = {key: options[key] for key in ("starts_on", "ends_on", "seed") if options[key]}
            run = runs.request(kind=RunKind.EVALUATION, background=False, **asked | chosen)
            line = ProgressLine(self.stderr)
            run = runs.compute(run=run, tell=line)
            line.end()
            if run.status != RunStatus.DONE:
                raise CommandError(run.failure or "The plan could not be computed; see the log.")
            for section in documents.build(REPORT, run.result).sections:
                for note in section.notes:
                    self.stdout.write(f"  {note}")
            for path in bundle.write(REPORT, run, out or settings.BASE_DIR / "var" / "reports"):
                self.stdout.write(f"Written: {path}")

    def _fixed(self, plan: EvaluationPlan) -> EvaluationPlan:
        try:
            policies.plan_is_frozen(plan)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        return plan

    def _plan(self, name: str, options: dict) -> EvaluationPlan:
        """The frozen plan of that code, or the one in the file, frozen now."""
        if options["plan"] is None:
            if found := EvaluationPlan.objects.filter(code=name).first():
                return self._fixed(found)
            known = ", ".join(EvaluationPlan.objects.values_list("code", flat=True)) or "none"
            raise CommandError(f"There is no plan “{name}” (there are: {known}). Give --plan FILE.")
        version = version_of(name, options["version_number"])
        try:
            content = plan_files.read_plan(_bytes(options["plan"]))
            assigned = options["assignment"]
            assignment = (
                plan_files.read_assignment(_bytes(assigned), assigned.name) if assigned else []
            )
            unit = unit_of(version, options["unit"])
            said = (name, version.number, unit.code, content, assignment)
            code = plan_files.code_of(options["plan"].stem, *said)
            if found := EvaluationPlan.objects.filter(code=code).first():
                return self._fixed(found)
            plan = plans.write(
                code=code,
                unit=unit,
                version=version,
                content=content,
                assignment=assignment,
                by=None,
            )
            return plans.freeze(plan=plan, by=None)
        except ValidationError as wrong:
            raise CommandError("\n".join(wrong.messages)) from wrong
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
