"""The public pages of content/pages/, one tree per language, translations tied together.

A page that is there (same place and slug) is left as it is: it belongs to the editors by now.
"""

import tomllib
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

from cms import models
from cms.actions import media

# Ids of pages and blocks follow from their keys, so that they agree between languages.
NAMESPACE = uuid.UUID("0b8f5f0e-9a53-5d0f-8d0e-2a6a4b1c7e11")


def load(folder: Path) -> list[Page]:
    """Make what is missing of the pages that ``folder`` describes; return the pages made."""
    loader = Loader(folder)
    with transaction.atomic():
        return [page for code, _name in settings.LANGUAGES for page in loader.load(code)]


def block_id(*key: object) -> str:
    """The id of a block, from where it stands."""
    return str(uuid.uuid5(NAMESPACE, "/".join(map(str, key))))


class Loader:
    """One run: what pictures and films there are, and what was made."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.pictures, self.films = media.load(folder / "media")

    def load(self, language: str) -> list[Page]:
        """The tree of ``language``."""
        text = (self.folder / "pages" / f"{language}.toml").read_text(encoding="utf-8")
        about = tomllib.loads(text)
        self.locale, _new = Locale.objects.get_or_create(language_code=language)
        self.made: list[Page] = []
        home = self._home(about["home"])
        toolkit = self._page(
            home, models.ToolkitIndexPage, "toolkit", about["toolkit"] | {"show_in_menus": True}
        )
        for card in about["card"]:
            self._page(toolkit, models.PracticeCardPage, card["key"], self._card(card))
        curriculum = self._page(
            home,
            models.CurriculumIndexPage,
            "curriculum",
            about["curriculum"] | {"show_in_menus": True},
        )
        lesson = self._lesson(about["lesson"])
        self._page(curriculum, models.LessonPage, "conversar-por-turnos", lesson)
        return self.made

    def _home(self, about: dict[str, Any]) -> Page:
        fields = about | {"body": self._stream(about["body"], "home")}
        home = self._page(Page.get_first_root_node(), models.HomePage, "home", fields)
        if self.locale == Locale.get_default():
            self._serve(home)
        return home

    def _serve(self, home: Page) -> None:
        """The site shows our home page; Wagtail's welcome page goes."""
        site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
        if site.pk and site.root_page_id == home.pk:
            return
        welcome = site.root_page if site.pk else None
        site.hostname = site.hostname or "localhost"
        site.root_page, site.site_name = home, settings.WAGTAIL_SITE_NAME
        site.save()
        if welcome is not None and welcome.specific_class is Page:
            welcome.delete()

    def _page(self, parent: Page, model: type[Page], key: str, fields: dict[str, Any]) -> Page:
        slug = fields["slug"]
        there = parent.get_children().filter(slug=slug, locale=self.locale).first()
        if there:
            return there.specific
        names = {field.name for field in model._meta.get_fields()}
        page = model(
            locale=self.locale,
            translation_key=uuid.uuid5(NAMESPACE, f"page/{key}"),
            **{name: value for name, value in fields.items() if name in names},
        )
        parent.add_child(instance=page)
        page.save_revision().publish()
        self.made.append(page)
        return page

    def _card(self, card: dict[str, Any]) -> dict[str, Any]:
        return card | {"body": self._stream(card["body"], card["key"])}

    def _lesson(self, lesson: dict[str, Any]) -> dict[str, Any]:
        steps = [
            {
                "type": "step",
                "id": block_id("lesson", number),
                "value": {
                    "title": step["title"],
                    "content": self._stream(step["content"], f"lesson/{number}"),
                },
            }
            for number, step in enumerate(lesson["steps"], start=1)
        ]
        return lesson | {"steps": steps}

    def _stream(self, blocks: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
        return [
            {
                "type": block["type"],
                "id": block_id(key, block.get("key", number)),
                "value": self._value(block, key),
            }
            for number, block in enumerate(blocks, start=1)
        ]

    def _value(self, block: dict[str, Any], key: str) -> Any:
        """What Wagtail stores for a block."""
        values = {name: value for name, value in block.items() if name not in {"type", "key"}}
        match block["type"]:
            case "text":
                return block["text"].strip()
            case "picture":
                picture = {
                    "image": self.pictures[block["picture"]].pk,
                    "alt_text": block["alt"],
                    "decorative": False,
                }
                return {"picture": picture, "caption": block.get("caption", "")}
            case "film":
                return values | {"film": self.films[block["film"]].pk}
            case "question":
                choices = [
                    {
                        "type": "item",
                        "id": block_id(key, block["key"], choice["key"]),
                        "value": {
                            "text": choice["text"],
                            "correct": choice.get("correct", False),
                        },
                    }
                    for choice in block["choices"]
                ]
                return values | {"choices": choices}
        return values
