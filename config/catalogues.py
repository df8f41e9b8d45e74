"""The message catalogues: what the code says, collected, and whether each language says it too.

Source texts are English. The English catalogue repeats them, so both catalogues obey the same rule:
every text there, none empty, none fuzzy, none left over, and the same placeholders.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import polib
from django.conf import settings
from django.core.management.commands import makemessages

# What is not shown to people, or is not ours.
IGNORED = [".venv", "var", "tests", "tools", "docs", "content", "static/vendor", "staticfiles"]
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdifg]|%%|\{\w*\}")


class _Extraction(makemessages.Command):
    """makemessages up to the point where it would write to the catalogues."""

    found: polib.POFile

    def write_po_file(self, potfile: str, locale: str) -> None:
        self.found = polib.pofile(potfile)


def can_extract() -> bool:
    """Whether gettext, which reads the texts out of the code, is installed."""
    return bool(shutil.which("xgettext"))


def extract() -> polib.POFile:
    """All texts of code and templates as they stand; the catalogues are not touched."""
    command = _Extraction()
    command.run_from_argv(
        ["manage.py", "makemessages", "--locale", "es", "--add-location", "file", "-v", "0"]
        + [argument for folder in IGNORED for argument in ("--ignore", folder)]
    )
    return command.found


def path(language: str) -> Path:
    """The catalogue of ``language``."""
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def complaints(catalogue: polib.POFile, fresh: polib.POFile | None = None) -> Iterator[str]:
    """What is wrong with ``catalogue``, one sentence each; ``fresh`` is what the code says now."""
    for entry in catalogue:
        if entry.obsolete:
            yield f"left over: “{entry.msgid}”. The code no longer says it; remove it."
        elif entry.fuzzy:
            yield f"fuzzy: “{entry.msgid}”. Read the translation, then remove the mark."
        elif not entry.translated():
            yield f"not translated: “{entry.msgid}”."
        elif not _same_placeholders(entry):
            yield f"other placeholders than the text has: “{entry.msgid}”."
    if fresh is not None:
        known = {(one.msgctxt, one.msgid) for one in catalogue if not one.obsolete}
        said = {(one.msgctxt, one.msgid) for one in fresh}
        for _context, text in sorted(said - known, key=str):
            yield f"missing: “{text}”. Run: make messages, then translate it."
        for _context, text in sorted(known - said, key=str):
            yield f"left over: “{text}”. Run: make messages."


def _same_placeholders(entry: polib.POEntry) -> bool:
    said = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    allowed = [set(PLACEHOLDER.findall(entry.msgid)), set(PLACEHOLDER.findall(entry.msgid_plural))]
    # A plural form may leave the number out ("one visit"), or follow either of the two texts.
    every = allowed[0] | allowed[1]
    if entry.msgid_plural:
        return all(set(PLACEHOLDER.findall(text)) <= every for text in said)
    return all(set(PLACEHOLDER.findall(text)) == allowed[0] for text in said)


def collect(language: str, fresh: polib.POFile) -> polib.POFile:
    """The catalogue of ``language`` brought in step with ``fresh``; English repeats the texts."""
    file = path(language)
    catalogue = polib.pofile(str(file)) if file.exists() else polib.POFile()
    catalogue.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    catalogue.merge(fresh)
    for entry in [one for one in catalogue if one.obsolete]:
        catalogue.remove(entry)
    for entry in catalogue:
        entry.occurrences = sorted({(name, "") for name, _line in entry.occurrences})
        if language == "en":
            _repeat(entry)
    catalogue.sort(key=lambda entry: (entry.occurrences, entry.msgid))
    return catalogue


def _repeat(entry: polib.POEntry) -> None:
    if entry.msgid_plural:
        entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
    else:
        entry.msgstr = entry.msgid
