"""What editors may upload: few kinds of file, each what its ending says."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from wagtail.embeds.embeds import get_embed
from wagtail.embeds.exceptions import EmbedUnsupportedProviderException

from cms.models import Film, Paper, media

pytestmark = pytest.mark.django_db


def problems(model, name, content) -> set[str]:
    """The fields of the upload that something is wrong with."""
    try:
        made = model(title="One")
        made.file = ContentFile(content, name)
        made.clean()
    except ValidationError as error:
        return set(error.message_dict)
    return set()


@pytest.mark.parametrize(
    ("model", "name", "content"),
    [
        (Paper, "guide.pdf", b"%PDF-1.7 ..."),
        (Paper, "GUIDE.PDF", b"%PDF-1.4"),
        (Paper, "list.xlsx", b"PK\x03\x04..."),
        (Paper, "list.csv", b"a,b"),
        (Film, "scene.webm", b"\x1aE\xdf\xa3..."),
        (Film, "scene.mp4", b"\0\0\0\x20ftypisom"),
    ],
)
def test_file_that_is_what_its_ending_says_is_taken(model, name, content):
    assert problems(model, name, content) == set()


@pytest.mark.parametrize(
    ("model", "name", "content"),
    [
        (Paper, "guide.pdf", b"<script>alert(1)</script>"),
        (Paper, "guide.pdf", b""),
        (Paper, "list.xlsx", b"MZ\x90\0"),
        (Paper, "page.html", b"<h1>"),
        (Paper, "drawing.svg", b"<svg/>"),
        (Paper, "tool.exe", b"MZ"),
        (Film, "scene.webm", b"<html>"),
        (Film, "scene.mp4", b"\x1aE\xdf\xa3"),
    ],
)
def test_file_that_is_another_is_refused(model, name, content):
    assert problems(model, name, content) == {"file"}


def test_file_beyond_the_size_is_refused(monkeypatch):
    monkeypatch.setattr(media, "MOST_BYTES", 10)

    assert problems(Paper, "list.csv", b"a" * 11) == {"file"}


def test_nothing_is_fetched_from_another_site():
    with pytest.raises(EmbedUnsupportedProviderException):
        get_embed("https://www.youtube.com/watch?v=abcdefghijk")
