"""Of what documents, maps and records from outside are made; read whole, told in sentences."""

import tomllib
from typing import Annotated, TypeVar

import pydantic
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from observation.models.instruments import CODE_LENGTH
from observation.serializers.sentences import sentence

Shape = TypeVar("Shape", bound=BaseModel)


def slug(value: str) -> str:
    if slugify(value) != value:
        raise ValueError(_("write small letters, digits and hyphens."))
    return value


NO_NUL = "^[^\\x00]*$"  # PostgreSQL keeps no NUL in a text
Text = Annotated[str, Field(pattern=NO_NUL)]
Code = Annotated[Text, Field(min_length=1, max_length=CODE_LENGTH)]
# Ratings are kept in two bytes.
Value = Annotated[int, Field(strict=True, ge=-32768, le=32767)]


class Part(BaseModel):
    """A table; what it does not name is refused."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


def read_toml(shape: type[Shape], content: bytes, invalid: str) -> Shape:
    """The TOML file ``content`` in ``shape``; ValidationError lists in sentences what is wrong.

    ``invalid`` is the sentence for what is no TOML, with a place for the ``error``.
    """
    try:
        return shape.model_validate(tomllib.loads(content.decode()))
    except pydantic.ValidationError as wrong:
        raise ValidationError([sentence(error) for error in wrong.errors()]) from wrong
    except (ValueError, RecursionError) as error:  # also a number or a nesting beyond all bounds
        raise ValidationError(invalid % {"error": error}) from error
