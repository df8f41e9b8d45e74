"""What passwords may not lean on: words that everybody here knows."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Of the platform and the programme, in both languages; docs/security.md names them (6.1.2).
WORDS = (
    *("trenza", "mentora", "mentor", "guarderia", "guardería", "sala", "visita", "agente"),
    *("cuidado", "infantil", "educativa", "nursery", "caregiver", "director", "directora"),
    *("coordinadora", "coordinador", "imss", "password", "contraseña", "contrasena", "clave"),
)
REST = 6


class OwnWordsValidator:
    """Without these words something must be left that nobody guesses."""

    def validate(self, password: str, user=None) -> None:
        rest = password.lower()
        for word in sorted(WORDS, key=len, reverse=True):
            rest = rest.replace(word, "")
        if rest != password.lower() and len(rest) < REST:
            raise ValidationError(self._sentence(), code="password_own_words")

    def get_help_text(self) -> str:
        return _("Your password may not be only a word of the programme and a few characters more.")

    def _sentence(self) -> str:
        return ngettext(
            "This is a word of the programme, which others guess first. Add at least %(least)d "
            "character that has nothing to do with it.",
            "This is a word of the programme, which others guess first. Add at least %(least)d "
            "characters that have nothing to do with it.",
            REST,
        ) % {"least": REST}
