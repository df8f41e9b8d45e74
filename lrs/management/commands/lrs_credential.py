from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from lrs.actions import credentials


class Command(BaseCommand):
    help = "Make a client of the record store and print its key and secret, once."

    def add_arguments(self, parser) -> None:
        parser.add_argument("name", help="what the client is called, such as “moodle”")
        parser.add_argument("--read-only", action="store_true", help="it may not store statements")

    def handle(self, *args, **options) -> None:
        try:
            credential, secret = credentials.issue(
                name=options["name"], can_write=not options["read_only"]
            )
        except IntegrityError:
            raise CommandError(
                f"There is a client called “{options['name']}”. Choose another name."
            ) from None
        self.stdout.write(f"key     {credential.key}\nsecret  {secret}\n")
        self.stdout.write("Write the secret down now: it is kept nowhere.")
