import csv
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from organisations.actions import countries


class Command(BaseCommand):
    """Open Mexico, IMSS and the 35 OOAD; again is harmless."""

    help = "Open the default tree: Mexico, IMSS and its 35 regions (OOAD). Again is harmless."

    def add_arguments(self, parser) -> None:
        default = settings.BASE_DIR / "content" / "ooad.csv"
        parser.add_argument("--file", type=Path, default=default, help="the list of regions")

    def handle(self, *args, **options) -> None:
        try:
            with options["file"].open(encoding="utf-8", newline="") as file:
                loaded = countries.load_mexico(rows=list(csv.DictReader(file)), by=None)
        except (OSError, KeyError) as error:
            raise CommandError(f"The list of regions cannot be read: {error}") from error
        self.stdout.write(
            f"{loaded.country}: {loaded.opened} units opened, {loaded.there} were there."
        )
