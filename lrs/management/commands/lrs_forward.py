import signal
import threading

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from lrs.actions import forwarding
from lrs.models import Destination

REST = 1.0  # seconds between two looks
LONG_REST = 5.0  # after the database failed


class Command(BaseCommand):
    help = "Send other record stores what they are owed."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--keep-on", action="store_true", help="go on until asked to end (SIGTERM, Ctrl-C)"
        )

    def handle(self, *args, **options) -> None:
        ended = threading.Event()
        if options["keep_on"]:
            for one in (signal.SIGTERM, signal.SIGINT):
                signal.signal(one, lambda *_: ended.set())
            self.stdout.write("Forwarding. End it with Ctrl-C.")
        while True:
            try:
                taken = forwarding.drain(stop=ended.is_set).taken
            except (OperationalError, InterfaceError) as trouble:
                if not options["keep_on"]:
                    raise
                # The database is away for a moment: what was claimed is sent when that lapses.
                self.stderr.write(str(trouble))
                taken = 0
                connection.close()
                ended.wait(LONG_REST)
            if taken or not options["keep_on"]:
                self.stdout.write(f"{taken} statements sent.")
            if ended.is_set() or not options["keep_on"]:
                break
            connection.close_if_unusable_or_obsolete()
            ended.wait(REST)
        self._tell()

    def _tell(self) -> None:
        for one in Destination.objects.in_use().with_figures():
            state = "paused" if one.paused_at else ""
            if one.waits_until and one.waits_until > timezone.now():
                state = f"tried again at {one.waits_until.isoformat()}: {one.last_error}"
            self.stdout.write(
                f"{one.name}: {one.waiting} wait, {one.dead} refused{state and f'; {state}'}"
            )
