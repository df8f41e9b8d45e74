import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from wagtail.models import Page

from cms.models import LessonPage, Paper
from tests.factories import learning as make
from tests.factories import organisations as people

REFUSAL = (
    "Somebody has started the lesson “Lección”, and that progress must stay. "
    "Unpublish the page instead of deleting it: then nobody else can start it."
)


@pytest.fixture
def editor(client, country):
    """A browser of the national coordinator, who edits, in English."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(people.person("national", country.country))
    return client


@pytest.fixture
def taken(country) -> LessonPage:
    lesson = make.lesson()
    make.enrolment(people.person("caregiver", country.here.rooms[0]), lesson)
    return lesson


def delete(browser, page: Page, method: str = "post"):
    return getattr(browser, method)(f"/editor/pages/{page.pk}/delete/")


def delete_in_bulk(browser, *pages: Page):
    chosen = "&".join(f"id={page.pk}" for page in pages)
    return browser.post(f"/editor/bulk/wagtailcore/page/delete/?{chosen}")


def refused(answer) -> bool:
    return answer.status_code == 409 and REFUSAL in answer.content.decode()


@pytest.mark.parametrize("ancestors", [0, 1, 2])
def test_lesson_that_was_started_is_not_deleted_nor_what_holds_it(editor, taken, ancestors):
    page = [taken, *taken.get_ancestors().reverse()][ancestors]

    assert refused(delete(editor, page, "get"))
    assert refused(delete(editor, page))
    assert refused(delete_in_bulk(editor, make.lesson(title="Otra"), page))
    assert LessonPage.objects.count() == 2


def test_lesson_that_was_started_is_unpublished(editor, taken):
    editor.post(f"/editor/pages/{taken.pk}/unpublish/")

    taken.refresh_from_db()
    assert not taken.live


def test_lesson_that_nobody_started_is_deleted(editor, taken):
    one, two, three = [make.lesson(title="Otra") for _ in range(3)]

    assert delete(editor, one).status_code == 302
    assert delete_in_bulk(editor, two, three).status_code == 302
    assert list(LessonPage.objects.all()) == [taken]


def test_document_is_deleted_in_bulk_as_before(editor, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    paper = Paper.objects.create(title="Guía", file=ContentFile(b"a", name="guia.txt"))

    answer = editor.post(f"/editor/bulk/cms/paper/delete/?id={paper.pk}")

    assert (answer.status_code, Paper.objects.count()) == (302, 0)
