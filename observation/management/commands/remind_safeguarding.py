from django.core.management.base import BaseCommand

from observation.actions import case_mails


class Command(BaseCommand):
    help = "Write to the officers of each safeguarding case that is past its time; run it hourly."

    def handle(self, *args, **options) -> None:
        self.stdout.write(f"{case_mails.remind()} cases reminded of.")
