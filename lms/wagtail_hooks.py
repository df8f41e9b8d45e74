from collections.abc import Iterable

from django.db.models import Model
from django.http import HttpRequest
from wagtail import hooks
from wagtail.models import Page

from lms import policies, queries


@hooks.register("before_delete_page")
def before_page_is_deleted(request: HttpRequest, page: Page) -> None:
    policies.holds_no_progress(queries.lessons_taken_below(page).first())


@hooks.register("before_bulk_action")
def before_pages_are_deleted(
    request: HttpRequest, action_type: str, objects: Iterable[Model], action
) -> None:
    if action_type == "delete":
        for page in objects:
            if isinstance(page, Page):  # pictures and documents are deleted by this door too
                policies.holds_no_progress(queries.lessons_taken_below(page).first())
