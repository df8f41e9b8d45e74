from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from core import spreadsheets
from core.refusals import Refusal
from observation.actions import datasets
from observation.serializers import rating_map, rating_table
from organisations.models import Unit

MEGABYTE = 1024 * 1024
LIMITS = spreadsheets.Limits(
    bytes=200 * MEGABYTE, rows=1_000_000, columns=2000, unpacked=2000 * MEGABYTE
)


class Command(BaseCommand):
    """Any rater × object × item table becomes an instrument with sessions, all or nothing."""

    help = "Import a table of ratings (CSV or XLSX) as a map says, all or nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--map", type=Path, required=True, help="TOML file; see docs/import-ratings.md"
        )
        parser.add_argument("--unit", default="", help="code of the unit that may see the data")

    def handle(self, *, file: Path, map: Path, unit: str, **options):  # noqa: A002 — the option's name
        try:
            content, plan = file.read_bytes(), rating_map.read(map.read_bytes())
            grid = spreadsheets.grid(content, file.name, sheet=plan.sheet, limits=LIMITS)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        except ValidationError as error:
            raise CommandError("\n".join([f"{map}:", *error.messages])) from error
        except spreadsheets.SpreadsheetError as error:
            raise CommandError(f"{file}: {error}") from error
        table = rating_table.read(grid, plan)
        if table.errors:
            raise CommandError("\n".join([f"{file}: nothing was imported.", *table.errors]))
        try:
            dataset, new = datasets.add(
                table=table, rating_map=plan, content=content, unit=_unit(unit)
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        report = dataset.report
        self.stdout.write(
            f"{dataset.code}: {report['rows']} rows, of which {report['exact_duplicates']} "
            f"exact duplicate(s); {report['items']} items, {report['raters']} raters, "
            f"{report['subjects']} rated."
        )
        if new:
            self.stdout.write(f"Next: manage.py validity {dataset.code}")
        elif dataset.map_hash:
            self.stdout.write("It was imported before, with the same map; nothing was changed.")
        else:
            self.stdout.write(
                "It was imported before, when maps were not kept yet: whether this one says the "
                "same is not known. Nothing was changed."
            )


def _unit(code: str) -> Unit:
    """The unit named, or the top of the only tree; where there is none, the default one."""
    if code:
        if found := Unit.objects.filter(code=code).first():
            return found
        raise CommandError(f"There is no unit with the code {code}.")
    if not Unit.objects.exists():
        call_command("load_country")
    roots = list(Unit.objects.filter(depth=1)[:2])
    if len(roots) == 1:
        return roots[0]
    raise CommandError("There are several countries: say with --unit which may see the data.")
