from django.conf import settings
from django.core.management.base import BaseCommand

from cms.actions import pages


class Command(BaseCommand):
    help = "Make the public pages of content/ that are missing, in every language."

    def handle(self, *args, **options) -> None:
        made = pages.load(settings.BASE_DIR / "content")
        self.stdout.write(f"{len(made)} pages made.")
