from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Import visits and then parents' answers: each file all or nothing; again is harmless."

    def add_arguments(self, parser) -> None:
        parser.add_argument("visits", type=Path, help="CSV or XLSX file of visits")
        parser.add_argument("answers", type=Path, nargs="?", help="file of parents' answers")
        parser.add_argument("--by", default="", help="e-mail of the person in whose name")
        parser.add_argument("--check", action="store_true", help="only say what would be done")

    def handle(self, *, visits: Path, answers: Path | None, by: str, check: bool, **options):
        files = [("visits", visits), ("answers", answers)]
        for kind, file in files:
            if file is None:
                continue
            self.stdout.write(f"{file.name}:")
            said = {"stdout": self.stdout, "stderr": self.stderr}
            call_command("import_rows", str(file), kind=kind, by=by, check=check, **said)
