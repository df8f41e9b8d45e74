import csv
import datetime
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.refusals import Refusal
from observation.actions.checklists import InvalidRows
from visits.actions import guides


class Command(BaseCommand):
    help = "Load a parents' guide file as an instrument version and publish it; again is harmless."

    def add_arguments(self, parser) -> None:
        default = Path(settings.BASE_DIR) / "content" / "psg_guide.csv"
        parser.add_argument("file", nargs="?", type=Path, default=default)
        parser.add_argument("--code", default=guides.CODE, help="code of the instrument")
        parser.add_argument("--number", type=int, default=1, help="number of the version")
        parser.add_argument(
            "--since",
            type=datetime.date.fromisoformat,
            help="day on which it was published (YYYY-MM-DD); today by default",
        )

    def handle(self, *, file: Path, code: str, number: int, since, **options) -> None:
        try:
            with file.open(encoding="utf-8-sig", newline="") as rows:
                version = guides.load(csv.DictReader(rows), code=code, number=number, since=since)
        except OSError as error:
            raise CommandError(f"Cannot read {file}: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} is not in UTF-8: save it as “CSV UTF-8”.") from error
        except (InvalidRows, csv.Error, Refusal) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{code} version {version.number}: {version.items.count()} items, {version.status}."
        )
