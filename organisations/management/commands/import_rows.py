from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core import import_kinds, row_imports, spreadsheets
from core.refusals import Refusal
from core.row_imports import RowsRefused
from core.spreadsheets import SpreadsheetError
from organisations.models import User


class Command(BaseCommand):
    """Import a list as the system, or in the name and with the reach of a person."""

    help = "Import a CSV or XLSX list: all or nothing; again changes nothing."

    def add_arguments(self, parser) -> None:
        kinds = [kind.name for kind in import_kinds.kinds()]
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True, choices=kinds, help="what its rows are")
        parser.add_argument("--sheet", default="", help="the sheet of a workbook (default: first)")
        parser.add_argument("--by", default="", help="e-mail of the person in whose name")
        parser.add_argument("--check", action="store_true", help="only say what would be done")

    def handle(self, *args, **options) -> None:
        by = _person(options["by"])
        limits = spreadsheets.Limits(bytes=200 * spreadsheets.MEGABYTE, rows=500_000)
        try:
            job = import_kinds.kind(options["kind"]).job(by)
            content = options["file"].read_bytes()
            name = options["file"].name
            sheet = spreadsheets.read(content, name, sheet=options["sheet"], limits=limits)
            run = row_imports.preview if options["check"] else row_imports.apply
            done = run(job, sheet)
            if done.errors:
                raise RowsRefused(done)
        except (OSError, Refusal, SpreadsheetError) as error:
            raise CommandError(str(error)) from error
        except RowsRefused as refused:
            for wrong in refused.preview.errors:
                self.stderr.write(f"{wrong.row}, {wrong.column}: {wrong.message}")
            raise CommandError(str(refused)) from refused
        for note in done.notes:
            self.stdout.write(note)
        self.stdout.write(", ".join(f"{name}: {count}" for name, count in done.counts.items()))


def _person(email: str) -> User | None:
    if not email:
        return None
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise CommandError(f"Nobody has the e-mail address {email}.")
    return user
