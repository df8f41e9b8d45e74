import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import catalogues


class Command(BaseCommand):
    help = "Fail where a text is missing, fuzzy, left over or has other placeholders."
    requires_system_checks = ()

    def handle(self, *args, **options) -> None:
        fresh = catalogues.extract() if catalogues.can_extract() else None
        if fresh is None:
            self.stderr.write("gettext is missing: not compared with what the code says now.")
        found = 0
        for language, _name in settings.LANGUAGES:
            file = catalogues.path(language)
            if not file.exists():
                raise CommandError(f"{file} is missing. Run: make messages")
            for complaint in catalogues.complaints(polib.pofile(str(file)), fresh):
                self.stdout.write(f"{language}: {complaint}")
                found += 1
        if found:
            raise CommandError(f"{found} texts need a look.")
        self.stdout.write("The catalogues are complete.")
