from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import catalogues


class Command(BaseCommand):
    help = "Bring the catalogues in step with the texts of code and templates (needs gettext)."
    requires_system_checks = ()

    def handle(self, *args, **options) -> None:
        if not catalogues.can_extract():
            raise CommandError("gettext is missing. On Debian: apt-get install gettext")
        fresh = catalogues.extract()
        for language, _name in settings.LANGUAGES:
            catalogue = catalogues.collect(language, fresh)
            file = catalogues.path(language)
            file.parent.mkdir(parents=True, exist_ok=True)
            catalogue.save(str(file))
            empty = len(catalogue.untranslated_entries())
            self.stdout.write(f"{file}: {len(catalogue)} texts, {empty} to translate.")
