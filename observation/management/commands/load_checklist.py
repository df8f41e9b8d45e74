import csv
import datetime
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.refusals import Refusal
from observation.actions import checklists, instruments


class Command(BaseCommand):
    help = "Load a checklist file as an instrument version and publish it; again is harmless."

    def add_arguments(self, parser) -> None:
        default = Path(settings.BASE_DIR) / "content" / "checklist.csv"
        parser.add_argument("file", nargs="?", type=Path, default=default)
        parser.add_argument("--code", default="checklist", help="code of the instrument")
        parser.add_argument("--number", type=int, default=1, help="number of the version")
        parser.add_argument(
            "--since",
            type=datetime.date.fromisoformat,
            help="day on which it was published (YYYY-MM-DD); today by default",
        )
        parser.add_argument("--draft", action="store_true", help="do not publish yet")

    def handle(self, *, file: Path, code: str, number: int, draft: bool, since, **options) -> None:
        try:
            with file.open(encoding="utf-8-sig", newline="") as rows:
                version = instruments.load(csv.DictReader(rows), code=code, number=number)
            if not draft:
                version = instruments.publish(version=version, since=since)
        except OSError as error:
            raise CommandError(f"Cannot read {file}: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} is not in UTF-8: save it as “CSV UTF-8”.") from error
        except (checklists.InvalidRows, csv.Error, Refusal) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{code} version {version.number}: {version.items.count()} items, {version.status}."
        )
