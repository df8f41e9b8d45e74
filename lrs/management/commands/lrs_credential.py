from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from lrs.actions import credentials
from lrs.enums import Scope
from lrs.models import Credential


class Command(BaseCommand):
    help = (
        "Make a client of the record store and print its key and secret, once; or list or revoke."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("name", nargs="?", help="what the client is called, such as “moodle”")
        parser.add_argument(
            "--scope",
            action="append",
            choices=Scope.values,
            help="what it may do, in the words of xAPI; several times for several (all)",
        )
        parser.add_argument("--list", action="store_true", help="tell which clients there are")
        parser.add_argument("--revoke", action="store_true", help="let the client in no more")

    def handle(self, *args, **options) -> None:
        if options["list"]:
            self._list()
        elif not options["name"]:
            raise CommandError("Say what the client is called, or give --list.")
        elif options["revoke"]:
            self._revoke(options["name"])
        else:
            self._issue(options["name"], tuple(options["scope"] or [Scope.ALL]))

    def _issue(self, name: str, scopes: tuple[Scope, ...]) -> None:
        try:
            credential, secret = credentials.issue(name=name, scopes=scopes)
        except IntegrityError:
            raise CommandError(f"There is a client called “{name}”. Choose another name.") from None
        self.stdout.write(f"key     {credential.key}\nsecret  {secret}\n")
        self.stdout.write("Write the secret down now: it is kept nowhere.")

    def _list(self) -> None:
        for one in Credential.objects.all():
            used = f"{one.last_used_at:%Y-%m-%d %H:%M}" if one.last_used_at else "never used"
            state = "revoked" if one.revoked_at else used
            self.stdout.write(f"{one.name}\t{one.key}\t{','.join(one.scopes)}\t{state}")

    def _revoke(self, name: str) -> None:
        known = Credential.objects.filter(name=name, revoked_at=None).first()
        if known is None:
            raise CommandError(f"No client in use is called “{name}”. See --list.")
        credentials.revoke(credential=known)
        self.stdout.write(f"“{name}” is let in no more. What it stored stays.")
