import tomllib
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.refusals import Refusal
from observation.actions import clips
from observation.models import InstrumentVersion

FOLDER = Path(settings.BASE_DIR) / "content" / "clips"


class Command(BaseCommand):
    help = "Load written scenes with their master codes and publish them; again is harmless."

    def add_arguments(self, parser) -> None:
        parser.add_argument("files", nargs="*", type=Path, default=sorted(FOLDER.glob("*.toml")))
        parser.add_argument("--code", default="checklist", help="code of the instrument")
        parser.add_argument("--number", type=int, default=1, help="number of its version")

    def handle(self, *, files: list[Path], code: str, number: int, **options) -> None:
        version = InstrumentVersion.objects.filter(instrument__code=code, number=number).first()
        if version is None:
            raise CommandError(f"There is no version {number} of “{code}”; run load_checklist.")
        count = 0
        with transaction.atomic():
            for file in files:
                count += self._load(file, version)
        self.stdout.write(f"{count} clips for {code} version {number}.")

    def _load(self, file: Path, version: InstrumentVersion) -> int:
        try:
            read = tomllib.loads(file.read_text(encoding="utf-8"))
            for entry in read["clips"]:
                told = {"consent": read.get("consent", ""), **entry}
                clips.load(entry=told, version=version, by=None)
        except OSError as error:
            raise CommandError(f"Cannot read {file}: {error.strerror}.") from error
        except KeyError as error:
            raise CommandError(f"{file}: {error} is missing.") from error
        except ValidationError as error:
            raise CommandError(f"{file}: {'; '.join(error.messages)}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, Refusal) as error:
            raise CommandError(f"{file}: {error}") from error
        return len(read["clips"])
