from django.core.management.base import BaseCommand

from observation.actions import reminders, rounds


class Command(BaseCommand):
    help = "End tests whose time ran out and remind of certificates that end; run it every night."

    def handle(self, *args, **options) -> None:
        ended, sent = rounds.finish_all_overdue(), reminders.remind()
        self.stdout.write(f"{ended} tests ended, {sent} reminders sent.")
