import time
from argparse import ArgumentParser

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Make a database ready for a demonstration: messages, migrations, data. Again is quick."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", choices=["small", "national"], default="small")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args, scale: str, seed: int, **options) -> None:
        # One process for all three: starting Django takes longer than finding nothing to do.
        self.step("Compiling messages", "compile_messages", verbosity=0)
        self.step("Bringing the database up to date", "migrate", verbosity=0, interactive=False)
        self.step(f"Loading the demonstration country ({scale})", "demo", scale=scale, seed=seed)

    def step(self, title: str, command: str, **options) -> None:
        """Run ``command`` and tell how long it took."""
        self.stdout.write(f"· {title} …", ending=" ")
        self.stdout.flush()
        started = time.monotonic()
        call_command(command, stdout=self.stdout, stderr=self.stderr, **options)
        self.stdout.write(f"{time.monotonic() - started:.1f} s")
        self.stdout.flush()
