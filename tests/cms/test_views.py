import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from cms.models import Film, ToolkitIndexPage
from tests.factories import organisations as make


@pytest.fixture
def film(settings, tmp_path):
    """Ten bytes at films/ten.webm."""
    settings.MEDIA_ROOT = str(tmp_path)
    default_storage.save("films/ten.webm", ContentFile(b"0123456789"))
    return "/media/films/ten.webm"


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_media_is_given_whole(client, db, film):
    answer = client.get(film)

    assert (answer.status_code, answer["Content-Type"]) == (200, "video/webm")
    assert body(answer) == b"0123456789"


@pytest.mark.parametrize(
    ("asked", "status", "given"),
    [
        ("bytes=0-3", 206, b"0123"),
        ("bytes=4-", 206, b"456789"),
        ("bytes=-2", 206, b"89"),
        ("bytes=8-99", 206, b"89"),
        ("bytes=0-1,4-5", 200, b"0123456789"),
        ("bytes=5-2", 200, b"0123456789"),
        ("bytes=-", 200, b"0123456789"),
        (f"bytes={'9' * 5000}-", 200, b"0123456789"),
        (f"bytes=0-{'9' * 5000}", 200, b"0123456789"),
    ],
)
def test_media_is_given_in_parts(client, db, film, asked, status, given):
    answer = client.get(film, headers={"Range": asked})

    assert answer.status_code == status
    assert body(answer) == given
    assert answer["Content-Length"] == str(len(given))


def test_media_beyond_the_end_is_416(client, db, film):
    answer = client.get(film, headers={"Range": "bytes=10-"})

    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */10")


@pytest.mark.parametrize(
    "path",
    [
        "films/none.webm",
        "original_images/a.png",
        "imports/people.csv",
        "films/../secret",
        "films/../imports/people.csv",
        "films/%2e%2e/imports/people.csv",
        "films/./ten.webm",
        "films//ten.webm",
        "films/ten.webm/",
        "films/",
        "films/old",
        "films/%00",
        f"films/{'a' * 3000}",
    ],
)
def test_media_that_is_not_public_is_404(client, db, film, path):
    for name in ("imports/people.csv", "films/old/one.webm"):
        default_storage.save(name, ContentFile(b"secret"))

    assert client.get(f"/media/{path}").status_code == 404


def test_editor_opens_to_national_coordinator(client, content, country):
    client.force_login(make.person("national", country.country))

    for url in ("", "pages/", "images/", "documents/", "snippets/cms/film/"):
        assert client.get(f"/editor/{url}").status_code == 200, url


def test_editor_of_a_lesson_opens_and_publishes(client, content, country):
    from cms.models import LessonPage  # noqa: PLC0415 — only here

    client.force_login(make.person("national", country.country))
    lesson = LessonPage.objects.get(slug="conversar-por-turnos")

    assert client.get(f"/editor/pages/{lesson.pk}/edit/").status_code == 200
    answer = client.post(f"/editor/pages/{lesson.pk}/unpublish/", {})
    lesson.refresh_from_db()
    assert (answer.status_code, lesson.live) == (302, False)


@pytest.mark.parametrize("role", ["caregiver", "mentor", "regional"])
def test_editor_is_403_for_who_may_not_edit(client, country, role):
    client.force_login(make.person(role, country.here.region))

    assert client.get("/editor/", follow=True).status_code == 403


def test_account_in_the_editor_keeps_the_name(client, country):
    person = make.person("national", country.country)
    before = person.get_full_name()
    client.force_login(person)
    name = {"name_email-first_name": "Otra", "name_email-last_name": "Persona"}
    theme = {"theme-theme": "dark", "theme-contrast": "system", "theme-density": "default"}

    page = client.get("/editor/account/").content.decode()
    answer = client.post("/editor/account/", name | theme)

    person.refresh_from_db()
    assert 'name="name_email' not in page
    assert (answer.status_code, person.get_full_name()) == (302, before)
    assert person.wagtail_userprofile.theme == "dark"


@pytest.mark.parametrize("role", ["caregiver", "mentor"])
def test_account_in_the_editor_is_403_for_who_may_not_edit(client, country, role):
    client.force_login(make.person(role, country.here.centre))

    assert client.get("/editor/account/", follow=True).status_code == 403


def test_editor_sends_anonymous_to_our_sign_in(client, db):
    answer = client.get("/editor/pages/", follow=True)

    assert answer.redirect_chain[-1][0] == "/cuenta/login/?next=%2Feditor%2Fpages%2F"
    assert answer.status_code == 200


def test_film_of_content_has_captions_that_are_webvtt(content):
    film = Film.objects.get()

    for caption in film.captions.all():
        caption.full_clean()
        caption.file.close()
    assert {caption.language for caption in film.captions.all()} == {"es", "en"}
    assert film.file.size < 600_000


@pytest.mark.parametrize(
    ("language", "address"), [("es", "/es/caja-de-herramientas/"), ("en", "/en/toolkit/")]
)
def test_toolkit_opens_in_the_readers_language(client, content, language, address):
    answer = client.get(reverse("toolkit"), headers={"accept-language": language})

    assert answer.url.endswith(address)


def test_toolkit_that_is_not_loaded_leads_to_the_front_page(client, db):
    assert client.get(reverse("toolkit"), headers={"accept-language": "es"}).url == "/es/"


@pytest.mark.parametrize(("role", "times"), [("national", 1), ("mentor", 0)])
def test_page_says_how_it_is_edited_to_who_may(client, content, country, role, times):
    page = ToolkitIndexPage.objects.get(slug="toolkit")
    client.force_login(make.person(role, country.country))

    html = client.get(page.url).content.decode()

    assert html.count(reverse("wagtailadmin_pages:edit", args=[page.pk])) == times
