import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.demo import loading, people
from config.demo.scales import SCALES


class Command(BaseCommand):
    help = "Fill an empty database with an invented country; again is harmless."
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--scale", choices=SCALES, default="small")
        parser.add_argument("--seed", type=int, default=1, help="another seed, another country")
        parser.add_argument(
            "--day",
            type=datetime.date.fromisoformat,
            help="the day that counts as today (YYYY-MM-DD); the real one by default",
        )
        parser.add_argument(
            "--sign-ins", action="store_true", help="only print role, e-mail and password"
        )

    def handle(self, *, scale: str, seed: int, day, sign_ins: bool, **options) -> None:
        if sign_ins:
            for line in people.sign_ins():
                self.stdout.write("\t".join(line))
            return
        if seed < 0:
            raise CommandError("The seed is a whole number from 0.")
        day = day or timezone.localdate()
        self.stdout.write(f"Demonstration country “{scale}”, seed {seed}, today is {day}.")
        loading.Loader(SCALES[scale], seed, day, self._say).run()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
