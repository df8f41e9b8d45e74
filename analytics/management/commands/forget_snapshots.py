import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from analytics.snapshots import storage


class Command(BaseCommand):
    help = "Remove frozen ratings that no analysis has used for long; results stay."

    def add_arguments(self, parser):
        parser.add_argument("--older-than-days", type=int, default=30, metavar="DAYS")

    def handle(self, *, older_than_days: int, **options):
        if older_than_days < 1:
            raise CommandError("The days are a whole number from 1: younger ones may be in use.")
        count = storage.forget(timezone.now() - datetime.timedelta(days=older_than_days))
        self.stdout.write(f"Removed {count} snapshot(s) unused for {older_than_days} days.")
