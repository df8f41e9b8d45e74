"""Pictures and films of content/media/, kept once each by title."""

import tomllib
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from PIL import Image

from cms.models import Caption, Film, Picture


@transaction.atomic
def load(folder: Path) -> tuple[dict[str, Picture], dict[str, Film]]:
    """Pictures and films by key, from ``folder``/media.toml; those that are there stay."""
    described = tomllib.loads((folder / "media.toml").read_text(encoding="utf-8"))
    pictures = {key: _picture(folder, about) for key, about in described["pictures"].items()}
    films = {
        key: _film(folder, about, pictures[about["poster"]])
        for key, about in described["films"].items()
    }
    return pictures, films


def _picture(folder: Path, about: dict[str, Any]) -> Picture:
    there = Picture.objects.filter(title=about["title"]).order_by("pk").first()
    if there:
        return there
    path = folder / about["file"]
    with Image.open(path) as image:
        width, height = image.size
    with path.open("rb") as file:
        return Picture.objects.create(
            title=about["title"],
            description=about["description"],
            file=File(file, name=path.name),
            width=width,
            height=height,
        )


def _film(folder: Path, about: dict[str, Any], poster: Picture) -> Film:
    there = Film.objects.filter(title=about["title"]).first()
    if there:
        return there
    path = folder / about["file"]
    with path.open("rb") as file:
        film = Film.objects.create(
            title=about["title"],
            file=File(file, name=path.name),
            poster=poster,
            seconds=about["seconds"],
        )
    for order, (language, name) in enumerate(about["captions"].items()):
        with (folder / name).open("rb") as file:
            Caption.objects.create(
                film=film, language=language, file=File(file, name=name), sort_order=order
            )
    return film
