"""A file of written scenes with their master codes: TOML, checked as a whole.

consent = "…"                           # optional: of all scenes that do not say it themselves
public = true                           # optional: anybody can find the codes

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

from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field, StrictBool

from observation.enums import ClipLevel, ClipUse, Moment
from observation.serializers.parts import Code, Part, Text, Value, read_toml, slug
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
    public: StrictBool = False
    codes: Annotated[dict[Code, MasterCode], Field(min_length=1)]


class ClipFile(Part):
    consent: Text = ""
    public: StrictBool = False
    clips: Annotated[list[Clip], Field(min_length=1)]

    def entries(self) -> list[dict[str, Any]]:
        """Each clip in plain types, with what the file says of all."""
        told = [clip.model_dump(mode="json") for clip in self.clips]
        return [
            clip
            | {
                "consent": clip["consent"] or self.consent,
                "public": clip["public"] or self.public,
            }
            for clip in told
        ]


def read(content: bytes) -> ClipFile:
    """Read a file; whatever is wrong with it, ValidationError lists it all in sentences."""
    return read_toml(ClipFile, content, _("The file is not valid TOML: %(error)s"))
