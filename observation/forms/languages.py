"""Texts in the languages of the house: as fields, and as lines with | between."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy

LONGEST = 1000
ENDINGS = tuple(f"_{code}" for code, _name in settings.LANGUAGES)


def in_languages(name: str, label, *, required: bool = False, rows: int = 0):
    """A field for each language of the house, ``name``_es … ; only the first may be required."""
    fields = {}
    for place, (code, language) in enumerate(settings.LANGUAGES):
        fields[f"{name}_{code}"] = forms.CharField(
            label=format_lazy("{} ({})", label, language),
            required=required and not place,
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput,
        )
    return fields


def said(data: Mapping[str, Any], name: str) -> dict[str, str]:
    """{"es": …} of the fields of ``in_languages`` that have a text."""
    texts = ((code, data.get(f"{name}_{code}", "")) for code, _name in settings.LANGUAGES)
    return {code: text for code, text in texts if text}


def shown(text: Mapping[str, str], name: str) -> dict[str, str]:
    """The initial values of those fields."""
    return {f"{name}_{code}": words for code, words in text.items()}


def lines(text: str) -> Iterable[tuple[int, list[str]]]:
    """The cells of each line that is not empty, with its number."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, [cell.strip() for cell in line.split("|")]


def joined(cells: list[Any]) -> str:
    return " | ".join(map(str, cells)).rstrip(" |")


def in_order(text: Mapping[str, str]) -> list[str]:
    return [text.get(code, "") for code, _name in settings.LANGUAGES]


def by_language(texts: Iterable[str]) -> dict[str, str]:
    codes = [code for code, _name in settings.LANGUAGES]
    return {code: text for code, text in zip(codes, texts, strict=False) if text}
