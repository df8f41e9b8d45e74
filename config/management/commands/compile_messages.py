from argparse import ArgumentParser
from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation.reloader import translation_file_changed


class Command(BaseCommand):
    help = "Compile the message catalogues; gettext need not be installed."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="also those that look compiled")

    def handle(self, *args, force: bool = False, **options) -> None:
        compiled = 0
        for folder in map(Path, settings.LOCALE_PATHS):
            for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
                target = source.with_suffix(".mo")
                fresh = target.exists() and target.stat().st_mtime >= source.stat().st_mtime
                if force or not fresh:
                    polib.pofile(str(source)).save_as_mofile(str(target))
                    # What this process has read before is forgotten: `prepare` goes on in it.
                    translation_file_changed(None, target)
                    compiled += 1
        if options["verbosity"]:
            self.stdout.write(f"{compiled} catalogues compiled.")
