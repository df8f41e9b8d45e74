"""The first day of each role, as docs/how-to/ tells it, in the reader's language."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt

from organisations.roles import RoleCode

FOLDER = settings.BASE_DIR / "docs" / "how-to"
# Whom a page is for: every role, and parents, who hold no post.
READERS: dict[str, str | Promise] = {**dict(RoleCode.choices), "parent": _("parent")}


@dataclass(frozen=True)
class FirstDay:
    title: str
    body: SafeString


@cache
def of(reader: str, language: str) -> FirstDay:
    """The page for a key of ``READERS``; it stands in the folder of each of LANGUAGES."""
    text = (FOLDER / language / f"{reader}.md").read_text(encoding="utf-8")
    title, body = text.split("\n", 1)
    html = MarkdownIt("commonmark", {"html": False}).render(body)
    return FirstDay(title.removeprefix("# "), mark_safe(html))  # noqa: S308 — our own file
