import getpass
import os
import time

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from core.refusals import Refusal
from lrs import remote, sealing
from lrs.actions import imports
from lrs.models import Import
from lrs.validation import Malformed
from lrs.validation.rules import moment

SECRET = "TRENZA_IMPORT_SECRET"  # noqa: S105 — the name of a variable
FIRST_WAIT = 1.0  # seconds, then twice as long each time


class Command(BaseCommand):
    help = (
        "Take the statements of another record store. Ended midway, run it again: it goes on where "
        "it was. Run once more when it is through, it takes what has come there since."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("url", help="such as https://lrs.example/xapi/")
        parser.add_argument("--key", required=True, help="with which we may read there")
        parser.add_argument(
            "--since", help="only what was stored there after this moment (ISO 8601)"
        )
        parser.add_argument("--tries", type=int, default=6, help="of a page, before giving up (6)")

    def handle(self, *args, **options) -> None:
        try:
            sealing.check_address(options["url"])
            since = moment(options["since"], "since") if options["since"] else None
        except (ValidationError, Malformed) as wrong:
            raise CommandError(" ".join(getattr(wrong, "messages", [str(wrong)]))) from None
        secret = os.environ.get(SECRET) or getpass.getpass("Secret: ")
        source = imports.begin(endpoint=options["url"], key=options["key"], since=since)
        if source.pages:
            self.stdout.write(f"Going on after page {source.pages}.")
        try:
            self._take_all(source, secret, options["tries"])
        except (remote.Unreachable, Refusal) as trouble:
            raise CommandError(f"{trouble}\nRun the same command again to go on.") from None
        self._tell_left_out(source)

    def _take_all(self, source: Import, secret: str, tries: int) -> None:
        version = self._version(source, secret, tries)
        with remote.RecordStore(source.endpoint, source.key, secret, version) as store:
            while source.finished_at is None:
                self._trying(tries, lambda: imports.take(source=source, store=store))
                left_out = source.left_out.count()
                up_to = source.last_stored_at.isoformat() if source.last_stored_at else "nothing"
                self.stdout.write(
                    f"page {source.pages}: {source.stored} stored, {source.held} held already, "
                    f"{left_out} left out, up to {up_to}"
                )

    def _version(self, source: Import, secret: str, tries: int) -> str:
        """The newest that both stores speak."""
        with remote.RecordStore(source.endpoint, source.key, secret, "1.0.3") as store:
            spoken = self._trying(tries, store.versions)
        return "2.0.0" if any(one.startswith("2.") for one in spoken) else "1.0.3"

    def _trying(self, tries: int, step):
        for number in range(1, tries + 1):
            try:
                return step()
            except remote.Unreachable as trouble:
                if number == tries:
                    raise
                wait = FIRST_WAIT * 2 ** (number - 1)
                self.stdout.write(f"{trouble} – trying again in {wait:.0f} s")
                time.sleep(wait)
        return None

    def _tell_left_out(self, source: Import) -> None:
        for one in source.left_out.all()[:100]:
            self.stdout.write(f"left out  {one.statement_id}  {one.reason}")
        self.stdout.write(
            f"Done: {source.stored} stored, {source.held} held already, "
            f"{source.left_out.count()} left out."
        )
