from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import states


class Command(BaseCommand):
    help = "Write a state diagram to docs/states/ for each table of moves."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--check", action="store_true", help="only say what is out of date")

    def handle(self, *, check: bool, **options) -> None:
        folder = Path(settings.BASE_DIR) / "docs" / "states"
        folder.mkdir(parents=True, exist_ok=True)
        stale = []
        for moves in states.registered():
            file, text = folder / f"{moves.name}.md", states.page(moves)
            if file.exists() and file.read_text(encoding="utf-8") == text:
                continue
            stale.append(file.name)
            if not check:
                file.write_text(text, encoding="utf-8")
        if stale and check:
            raise CommandError(
                f"Out of date: {', '.join(stale)}. Run manage.py state_diagrams and commit."
            )
        self.stdout.write(f"Written: {', '.join(stale)}." if stale else "All up to date.")
