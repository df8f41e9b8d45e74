"""A file of written scenes with their master codes: TOML, checked as a whole.

consent = "…"                           # optional: of all scenes that do not say it themselves

[[clips]]
code = "la-siesta"
use = "test"                            # or "practice"
level = "low"                           # or "mid", "high"
age_group = "LA"
moments = ["SUE"]
title = { es = "…", en = "…" }
words = { es = "…", en = "…" }
[clips.codes]                           # by item; without a value it is not applicable
CAL2 = { value = 1, es = "why", en = "why" }
ALE3 = { value = 1, es = "why", en = "why" }   # of an alert 1: it occurs
"""

import tomllib
from typing import Annotated, Any

import pydantic
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field

from observation.enums import ClipLevel, ClipUse, Moment
from observation.serializers.rating_map import Code, Part, Text, Value, slug
from observation.serializers.sentences import sentence
from organisations.enums import AgeGroup

Words = Annotated[Text, Field(min_length=1, max_length=8000)]


class Translation(Part):
    es: Words
    en: Words


class MasterCode(Translation):
    value: Value | None = None


class Clip(Part):
    code: Annotated[Code, AfterValidator(slug)]
    use: ClipUse
    level: ClipLevel
    age_group: AgeGroup
    moments: Annotated[list[Moment], Field(min_length=1)]
    title: Translation
    words: Translation
    consent: Text = ""
    codes: Annotated[dict[Code, MasterCode], Field(min_length=1)]


class ClipFile(Part):
    consent: Text = ""
    clips: Annotated[list[Clip], Field(min_length=1)]

    def entries(self) -> list[dict[str, Any]]:
        """Each clip in plain types, with its consent."""
        told = [clip.model_dump(mode="json") for clip in self.clips]
        return [clip | {"consent": clip["consent"] or self.consent} for clip in told]


def read(content: bytes) -> ClipFile:
    """Read a file; whatever is wrong with it, ValidationError lists it all in sentences."""
    try:
        return ClipFile.model_validate(tomllib.loads(content.decode()))
    except pydantic.ValidationError as wrong:
        raise ValidationError([sentence(error) for error in wrong.errors()]) from wrong
    except (ValueError, RecursionError) as error:  # also a nesting beyond all bounds
        raise ValidationError(
            _("The file is not valid TOML: %(error)s") % {"error": error}
        ) from error
