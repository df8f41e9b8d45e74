from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from lrs.actions import credentials
from lrs.enums import Scope


class Command(BaseCommand):
    help = "Make a client of the record store and print its key and secret, once."

    def add_arguments(self, parser) -> None:
        parser.add_argument("name", help="what the client is called, such as “moodle”")
        parser.add_argument(
            "--scope",
            action="append",
            choices=Scope.values,
            help="what it may do, in the words of xAPI; several times for several (all)",
        )

    def handle(self, *args, **options) -> None:
        try:
            credential, secret = credentials.issue(
                name=options["name"], scopes=tuple(options["scope"] or [Scope.ALL])
            )
        except IntegrityError:
            raise CommandError(
                f"There is a client called “{options['name']}”. Choose another name."
            ) from None
        self.stdout.write(f"key     {credential.key}\nsecret  {secret}\n")
        self.stdout.write("Write the secret down now: it is kept nowhere.")
