from django.core.management.base import BaseCommand

from observation.actions import exports


class Command(BaseCommand):
    help = "Remove the files of exports whose days are over; the audit trail keeps who took what."

    def handle(self, **options):
        self.stdout.write(f"Removed {exports.forget()} export(s).")
