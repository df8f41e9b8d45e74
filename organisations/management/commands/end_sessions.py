from django.core.management.base import BaseCommand, CommandError

from organisations.actions import sessions
from organisations.models import User


class Command(BaseCommand):
    help = "Sign a person, or everybody, out of every browser: a phone was lost, a key was seen."

    def add_arguments(self, parser) -> None:
        parser.add_argument("email", nargs="?", default="", help="of the person")
        parser.add_argument("--all", action="store_true", help="everybody")

    def handle(self, *args, **options) -> None:
        if bool(options["email"]) == options["all"]:
            raise CommandError("Name one person by her e-mail address, or say --all.")
        people = User.objects.filter(usersession__isnull=False).distinct()
        if not options["all"]:
            people = User.objects.filter(email__iexact=options["email"])
            if not people:
                raise CommandError("Nobody has this e-mail address.")
        ended = sum(sessions.end(user=person, by=None) for person in people)
        self.stdout.write(f"{ended} sessions ended.")
