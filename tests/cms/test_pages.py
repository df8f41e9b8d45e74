import re

import pytest
from django.core.management import call_command
from wagtail.models import Page, Site

from cms import models
from tests.factories import learning as make

PAGES = [
    ("/es/", "Tres hilos, una misma trenza"),
    ("/es/caja-de-herramientas/", "Caja de herramientas"),
    ("/es/caja-de-herramientas/saludar-a-su-altura/", "Saludar a su altura"),
    ("/es/curriculo/", "Plan de formación"),
    ("/es/curriculo/conversar-por-turnos/", "Conversar por turnos"),
    ("/en/", "Three strands, one braid"),
    ("/en/toolkit/", "Toolkit"),
    ("/en/toolkit/greeting-at-eye-level/", "Greeting at eye level"),
    ("/en/curriculum/", "Curriculum"),
    ("/en/curriculum/taking-turns-in-conversation/", "Taking turns in conversation"),
]


@pytest.mark.parametrize(("url", "title"), PAGES)
def test_page_is_readable_by_anyone_under_its_title(client, content, url, title):
    html = client.get(url).content.decode()

    assert re.findall(r"<h1[^>]*>(.*?)</h1>", html) == [title]
    assert f'<html lang="{url[1:3]}">' in html


@pytest.mark.parametrize(
    ("url", "translation"),
    [
        ("/es/", "/en/"),
        ("/es/curriculo/conversar-por-turnos/", "/en/curriculum/taking-turns-in-conversation/"),
        ("/en/toolkit/telling-what-we-do/", "/es/caja-de-herramientas/contar-lo-que-hacemos/"),
    ],
)
def test_language_switch_leads_to_the_translation(client, content, url, translation):
    html = client.get(url).content.decode()
    target = re.search(r'name="next" value="([^"]*)"', html)[1]
    language = translation[1:3]

    answer = client.post("/idioma/", {"next": target, "language": language})

    assert answer.url.endswith(translation)
    assert client.get(answer.url).status_code == 200


def test_front_leads_to_the_home_page(client, content):
    answer = client.get("/", follow=True)

    assert answer.redirect_chain == [("/es/", 302)]
    assert answer.status_code == 200


def test_load_content_again_changes_nothing(content):
    before = list(Page.objects.order_by("pk").values())
    films = list(models.Film.objects.values())

    call_command("load_content")

    assert list(Page.objects.order_by("pk").values()) == before
    assert list(models.Film.objects.values()) == films
    assert models.Picture.objects.count() == 2


def test_load_content_leaves_what_editors_changed(content):
    card = models.PracticeCardPage.objects.get(slug="saludar-a-su-altura")
    card.title = "Otro título"
    card.save_revision().publish()

    call_command("load_content")

    assert models.PracticeCardPage.objects.get(pk=card.pk).title == "Otro título"


def test_translations_share_keys_and_question_ids(content):
    es = models.LessonPage.objects.get(locale__language_code="es")
    en = models.LessonPage.objects.get(locale__language_code="en")

    assert es.translation_key == en.translation_key
    assert len(es.questions) == 3
    assert list(es.questions) == list(en.questions)
    for key in es.questions:
        ours, theirs = list(es.questions[key].options()), list(en.questions[key].options())
        assert [one[0] for one in ours] == [one[0] for one in theirs]
        assert [one[2] for one in ours] == [one[2] for one in theirs]


def test_each_domain_of_the_checklist_has_a_card(content):
    cards = models.PracticeCardPage.objects.filter(locale__language_code="es")

    assert {code[:3] for card in cards for code in card.codes} == {"CAL", "SEN", "LEN", "CON"}


def test_film_has_captions_in_both_languages_and_waits_to_be_started(client, content):
    html = client.get("/es/curriculo/conversar-por-turnos/").content.decode()

    assert re.findall(r'<track kind="captions"[^>]*srclang="(\w+)"', html) == ["es", "en"]
    assert re.search(r"<video controls preload=\"none\"[^>]* poster=\"[^\"]+\"", html)
    assert '<details class="transcript">' in html
    assert 'alt="Tres dibujos.' in html


def test_public_lesson_does_not_give_the_answers_away(client, content):
    html = client.get("/es/curriculo/conversar-por-turnos/").content.decode()
    lesson = models.LessonPage.objects.get(slug="conversar-por-turnos")

    for question in lesson.questions.values():
        assert question["question"] in html
        assert str(question["explanation"]) not in html


@pytest.mark.parametrize(
    ("parent", "children"),
    [
        (Page, {models.HomePage}),
        (models.HomePage, {models.ToolkitIndexPage, models.CurriculumIndexPage}),
        (models.ToolkitIndexPage, {models.PracticeCardPage}),
        (models.CurriculumIndexPage, {models.LessonPage}),
        (models.PracticeCardPage, set()),
        (models.LessonPage, set()),
    ],
)
def test_pages_live_where_they_belong(parent, children):
    ours = {model for model in parent.allowed_subpage_models() if model._meta.app_label == "cms"}

    assert ours == children


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_curriculum_do_not_grow_with_lessons(
    client, db, rows, django_assert_num_queries
):
    index = make.curriculum()
    for _n in range(rows):
        make.lesson(parent=index)
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "testserver", "root_page": index.get_parent()}
    )
    url = index.get_url()
    client.get(url)

    with django_assert_num_queries(CURRICULUM_QUERIES):
        assert client.get(url).status_code == 200


CURRICULUM_QUERIES = 10


def policy(answer) -> dict[str, str]:
    directives = answer["Content-Security-Policy"].split(";")
    return dict(directive.strip().split(" ", 1) for directive in directives)


def test_preview_may_stand_in_a_frame_of_the_editor_and_is_else_as_strict(client, content):
    page = models.LessonPage.objects.live().first()

    preview, public = policy(page.make_preview_request()), policy(client.get(page.url))

    assert public["frame-ancestors"] == "'none'"
    assert preview == public | {"frame-ancestors": "'self'"}
