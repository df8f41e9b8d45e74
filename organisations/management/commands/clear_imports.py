from django.core.management.base import BaseCommand

from organisations.actions import imports


class Command(BaseCommand):
    help = "Remove the lists sent for import whose day is over; run it every night."

    def handle(self, *args, **options) -> None:
        self.stdout.write(f"{imports.clear_expired()} lists removed.")
