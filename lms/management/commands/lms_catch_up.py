from django.core.management.base import BaseCommand

from lms.actions import catch_up


class Command(BaseCommand):
    help = "Tell the record store each learning fact that it was not told; run it every night."

    def handle(self, *args, **options) -> None:
        self.stdout.write(f"{catch_up.tell_missing()} statements stored.")
