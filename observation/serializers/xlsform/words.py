"""The languages of a form, and what our own questions are called in each."""

import re

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from observation.enums import STEP_WORDS, ScaleKind

HEADS = {"es": "Español (es)", "en": "English (en)"}
NA = "na"
# What others call “not applicable” in their lists of choices.
NA_NAMES = frozenset({NA, "n_a", "n/a", "no_aplica", "not_applicable", "no_aplicable"})
YES, NO, UNSEEN = "1", "0", "unseen"
YES_NAMES, NO_NAMES = frozenset({"yes", "si", "sí"}), frozenset({"no"})
ANSWERS: dict[str, dict[str, str | Promise]] = {
    kind: {str(step): word for step, word in sorted(words.items(), reverse=True)}
    for kind, words in STEP_WORDS.items()
}
ANSWERS[ScaleKind.YES_NO_UNSEEN][UNSEEN] = _("could not see it")
LANGUAGES = {
    **dict.fromkeys(("es", "español", "espanol", "spanish", "castellano"), "es"),
    **dict.fromkeys(("en", "english", "inglés", "ingles"), "en"),
}


def in_all(words: str | Promise) -> dict[str, str]:
    """``words`` in each language of the house."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found[code] = str(words)
    return found


def language(head: str) -> str:
    """The code of a language as a column names it (“Español (es)”, “English”), "" if not ours."""
    if bracket := re.search(r"\(([A-Za-z]{2})\b[^)]*\)\s*$", head):
        return LANGUAGES.get(bracket[1].lower(), "")
    return LANGUAGES.get(head.strip().lower(), "")
