from pathlib import Path

import allauth
import polib

from config.borrowed_words import WORDS


def test_words_borrowed_are_words_that_allauth_says():
    folder = Path(allauth.__file__).parent / "locale" / "es" / "LC_MESSAGES"
    said = {entry.msgid for entry in polib.pofile(str(folder / "django.po")) if not entry.obsolete}

    assert set(WORDS) - said == set()
