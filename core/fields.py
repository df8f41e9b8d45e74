"""Fields that any app may use."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Translated(dict[str, str]):
    """A text in several languages, {"es": …, "en": …}; as a string, the one being read."""

    def __str__(self) -> str:
        return self.get(self.language, "")

    @property
    def language(self) -> str:
        """The code of the language in which it is read: another one where that is missing."""
        language = get_language() or settings.LANGUAGE_CODE
        wanted = (language, language.split("-")[0], settings.LANGUAGE_CODE)
        return next((code for code in (*wanted, *self) if self.get(code)), "")


class TranslatedField(models.JSONField):
    """Content in several languages in one column; reads as ``Translated``."""

    description = _("text in several languages")

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value, expression, connection):
        return Translated(super().from_db_value(value, expression, connection) or {})

    def to_python(self, value):
        return Translated(value or {})

    def validate(self, value, model_instance) -> None:
        super().validate(value, model_instance)
        if unknown := set(value) - {code for code, _name in settings.LANGUAGES}:
            raise ValidationError(
                _("Unknown language: %(codes)s."), params={"codes": ", ".join(sorted(unknown))}
            )
