import json

from django.core.management.base import BaseCommand, CommandError

from core.refusals import Refusal
from lrs.actions import erasures
from lrs.models import Erasure
from lrs.validation import Malformed, check_actor


class Command(BaseCommand):
    help = "Make a person nameless everywhere in the record store, or go on where it was killed."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--agent",
            action="append",
            default=[],
            help="""the person as xAPI names her, such as '{"mbox": "mailto:…"}'; once for each """
            "identifier by which she is known",
        )
        parser.add_argument("--reason", default="", help="why, without naming her; kept for good")
        parser.add_argument("--go-on", action="store_true", help="finish what was begun")

    def handle(self, *args, **options) -> None:
        if options["go_on"] == bool(options["agent"]):
            raise CommandError("Give either --agent, or --go-on.")
        if options["agent"] and not options["reason"]:
            raise CommandError("Say why with --reason.")
        if options["go_on"]:
            begun = list(Erasure.objects.filter(finished_at=None))
        else:
            begun = [self._begin(options["agent"], options["reason"])]
        for one in begun:
            self._tell(erasures.go_on(erasure=one))
        if not begun:
            self.stdout.write("No erasure is unfinished.")

    def _begin(self, agents: list[str], reason: str) -> Erasure:
        try:
            known = [json.loads(one) for one in agents]
            for one in known:
                check_actor(one, "--agent")
            return erasures.begin(agents=known, reason=reason)
        except (ValueError, Malformed, Refusal) as wrong:
            raise CommandError(str(wrong)) from None

    def _tell(self, done: Erasure) -> None:
        self.stdout.write(
            f"{done.pseudonym}: {done.statements} statement(s), {done.documents} document(s), "
            f"{done.files} signature(s)."
        )
