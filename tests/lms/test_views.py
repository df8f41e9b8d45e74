import re

import pytest
from django.core.management import call_command
from wagtail.models import PageViewRestriction

from cms.models import LessonPage
from lms.actions import enrolments
from lms.models import Enrolment
from lrs.models import Statement
from organisations.home import next_steps
from tests.factories import learning as make
from tests.factories import organisations as people


@pytest.fixture
def content(db, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    call_command("load_content")


@pytest.fixture
def caregiver(country):
    return people.person("caregiver", country.here.rooms[0])


def test_lesson_is_taken_from_start_to_practice(client, content, caregiver):
    client.force_login(caregiver)
    lesson = LessonPage.objects.get(slug="conversar-por-turnos")

    answer = client.post(f"/aprender/leccion/{lesson.pk}/", follow=True)
    enrolment = Enrolment.objects.get()
    assert answer.redirect_chain == [(f"/aprender/{enrolment.pk}/1/", 302)]

    for number, step in enumerate(lesson.steps, start=1):
        page = client.get(f"/aprender/{enrolment.pk}/{number}/").content.decode()
        assert step.value["title"] in page
        for block in step.value["content"]:
            if block.block_type == "question":
                choice = next(key for key, _text, correct in block.value.options() if correct)
                page = client.post(
                    f"/aprender/{enrolment.pk}/{number}/",
                    {"question": block.id, "choice": str(choice)},
                    follow=True,
                ).content.decode()
                assert str(block.value["explanation"]) in page
                assert "That is right" in page or "Correcto" in page or "Así es" in page

    client.post(f"/aprender/{enrolment.pk}/fin/")
    page = client.get(f"/aprender/{enrolment.pk}/fin/").content.decode()
    assert "Tres turnos, una vez al día" in page
    client.post(f"/aprender/{enrolment.pk}/practica/")

    enrolment.refresh_from_db()
    assert enrolment.practice_done_on is not None
    assert Statement.objects.count() == 1 + 3 + 1


@pytest.mark.parametrize(
    ("restriction", "shown"), [("password", 0), ("groups", 0), ("login", 1), (None, 1)]
)
@pytest.mark.parametrize("on", ["lesson", "curriculum"])
def test_lesson_made_private_is_not_offered(client, caregiver, restriction, shown, on):
    client.force_login(caregiver)
    lesson = make.lesson()
    make.lesson(title="Otra")
    if restriction:
        page = lesson if on == "lesson" else lesson.get_parent()
        PageViewRestriction.objects.create(page=page, restriction_type=restriction)
    address = f"/aprender/leccion/{lesson.pk}/"

    assert client.get("/aprender/").content.decode().count(address) == shown
    assert client.get(address).status_code == (200 if shown else 404)
    client.post(address)
    assert Enrolment.objects.count() == shown


def test_lesson_made_private_is_finished_by_who_began_it(client, caregiver):
    client.force_login(caregiver)
    enrolment = make.enrolment(caregiver)
    PageViewRestriction.objects.create(page=enrolment.lesson, restriction_type="password")

    assert client.get(f"/aprender/{enrolment.pk}/1/").status_code == 200


def test_lesson_started_in_english_is_the_same_one(client, content, caregiver):
    client.force_login(caregiver)
    for slug in ("conversar-por-turnos", "taking-turns-in-conversation"):
        client.post(f"/aprender/leccion/{LessonPage.objects.get(slug=slug).pk}/")

    enrolment = Enrolment.objects.get()
    english = client.get(f"/aprender/{enrolment.pk}/1/", headers={"Accept-Language": "en"})
    spanish = client.get(f"/aprender/{enrolment.pk}/1/", headers={"Accept-Language": "es"})
    assert "A conversation without words" in english.content.decode()
    assert "Una conversación sin palabras" in spanish.content.decode()


def test_question_without_choice_says_so_and_keeps_nothing(client, caregiver):
    client.force_login(caregiver)
    enrolment = make.enrolment(caregiver)
    question = next(iter(enrolment.lesson.questions))

    page = client.post(
        f"/aprender/{enrolment.pk}/1/",
        {"question": str(question)},
        headers={"Accept-Language": "en"},
    ).content.decode()

    assert re.search(r'class="field-error".*Choose one of the answers\.', page, re.DOTALL)
    assert enrolment.answers.count() == 0


@pytest.mark.parametrize("question", ["", "1", "6fa459ea-ee8a-4ca4-894e-db77e160355e"])
def test_question_unknown_is_404(client, caregiver, question):
    client.force_login(caregiver)
    enrolment = make.enrolment(caregiver)

    answer = client.post(f"/aprender/{enrolment.pk}/1/", {"question": question})

    assert answer.status_code == 404


def test_finish_with_open_question_leads_to_it(client, caregiver):
    client.force_login(caregiver)
    enrolment = make.enrolment(caregiver, make.lesson(make.step(), make.step(make.question())))
    question = next(iter(enrolment.lesson.questions))

    answer = client.post(f"/aprender/{enrolment.pk}/fin/")

    assert answer.url == f"/aprender/{enrolment.pk}/2/#q-{question}"


@pytest.mark.parametrize("url", ["{pk}/1/", "{pk}/fin/"])
def test_enrolment_of_somebody_else_is_404(client, caregiver, country, url):
    enrolment = make.enrolment(caregiver)
    for other in (
        people.person("caregiver", country.here.rooms[0]),
        people.person("national", country.country),
    ):
        client.force_login(other)
        assert client.get(f"/aprender/{url.format(pk=enrolment.pk)}").status_code == 404


def test_who_has_no_post_gets_403(client, db):
    client.force_login(people.user())

    assert client.get("/aprender/").status_code == 403


@pytest.mark.parametrize(
    ("role", "place", "seen"),
    [
        ("director", "here", 1),
        ("director", "elsewhere", 0),
        ("caregiver", "here", 0),
        ("national", "country", 1),
    ],
)
def test_progress_is_seen_by_those_who_accompany(client, caregiver, country, role, place, seen):
    make.enrolment(caregiver)
    unit = country.country if place == "country" else getattr(country, place).centre
    client.force_login(people.person(role, unit))

    page = client.get("/aprender/avance/").content.decode()

    assert page.count(str(caregiver)) == seen


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("url", "queries"), [("/aprender/avance/", 10), ("/aprender/", 8)])
def test_queries_do_not_grow_with_enrolments(
    client, country, rows, url, queries, django_assert_num_queries
):
    lesson = make.lesson()
    for _n in range(rows):
        who = people.person("caregiver", country.here.rooms[0])
        make.enrolment(who, lesson)
        make.enrolment(who)
    client.force_login(who if url == "/aprender/" else people.person("mentor", country.here.zone))
    client.get(url)

    with django_assert_num_queries(queries):
        client.get(url)


@pytest.mark.parametrize(
    ("answered", "step"), [([], 1), ([0], 2), ([0, 1], 3), ([1, 2], 2), ([0, 1, 2], 4)]
)
def test_lesson_goes_on_where_she_stopped(client, caregiver, answered, step):
    asked = make.step(make.question(), make.question())
    lesson = make.lesson(make.step(), asked, make.step(make.question()), make.step())
    enrolment = make.enrolment(caregiver, lesson)
    questions = list(lesson.questions.items())
    for question, value in (questions[n] for n in answered):
        choice = next(value.options())[0]
        enrolments.answer(enrolment=enrolment, question=question, choice=choice, by=caregiver)
    client.force_login(caregiver)

    home = next_steps(caregiver, {"lms.learn"})
    started = client.post(f"/aprender/leccion/{lesson.pk}/")

    assert home[0].url == started.url == f"/aprender/{enrolment.pk}/{step}/"
    assert f'href="{started.url}"' in client.get("/aprender/").content.decode()


def test_next_steps_follow_the_lesson(content, caregiver):
    def urls():
        return [step.url for step in next_steps(caregiver, {"lms.learn"}) if "aprender" in step.url]

    lesson = LessonPage.objects.get(slug="taking-turns-in-conversation")
    assert urls() == [f"/aprender/leccion/{lesson.pk}/"]

    enrolment = make.enrolment(caregiver, lesson)
    assert urls() == [f"/aprender/{enrolment.pk}/1/"]
