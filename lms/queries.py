"""Questions asked of enrolments in more than one place."""

import uuid
from collections.abc import Iterable

from django.db.models import CharField, Count, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from wagtail.models import Page, PageViewRestriction

from cms.models import LessonPage
from lms.models import Enrolment, QuestionAnswer
from organisations.models import Unit
from organisations.roles import holders


def workplace(user) -> Unit | None:
    """The room, else centre or other unit, where the person has a post today."""
    posts = user.posts.in_force().filter(role__in=holders("lms.learn")).select_related("unit")
    post = posts.order_by("-unit__depth", "-starts_on", "-pk").first()
    return post.unit if post else None


def open_lessons() -> QuerySet[LessonPage]:
    """Lessons that whoever is signed in may read: published, with no password and for no group."""
    closed = (
        PageViewRestriction.objects.exclude(restriction_type=PageViewRestriction.LOGIN)
        .alias(lesson=ExpressionWrapper(OuterRef("path"), CharField()))
        .filter(lesson__startswith=F("page__path"))
    )
    return LessonPage.objects.live().exclude(Exists(closed))


def translated(lessons: Iterable[LessonPage], language: str) -> dict[uuid.UUID, LessonPage]:
    """``lessons`` in ``language`` by translation key; in their own language where there is none."""
    own = {lesson.translation_key: lesson for lesson in lessons}
    pages = open_lessons().filter(translation_key__in=own, locale__language_code=language)
    return own | {page.translation_key: page for page in pages}


def answered(enrolments: Iterable[Enrolment]) -> dict[int, set[uuid.UUID]]:
    """The questions that have an answer, by enrolment."""
    answers = QuestionAnswer.objects.filter(enrolment__in=[each.pk for each in enrolments])
    found: dict[int, set[uuid.UUID]] = {}
    for enrolment, question in answers.order_by().values_list("enrolment", "question").distinct():
        found.setdefault(enrolment, set()).add(question)
    return found


def latest_answers(enrolment: Enrolment) -> dict[uuid.UUID, QuestionAnswer]:
    """The answer that counts, by question."""
    return {answer.question: answer for answer in enrolment.answers.order_by("answered_at", "pk")}


def unanswered(enrolment: Enrolment) -> list[uuid.UUID]:
    """Questions of the lesson without an answer, in order."""
    there = latest_answers(enrolment)
    return [question for question in enrolment.lesson.questions if question not in there]


def lessons_to_start(user, language: str) -> QuerySet[LessonPage]:
    """Lessons in ``language`` that the person has not started in any language."""
    taken = Enrolment.objects.filter(user=user).values("lesson__translation_key")
    return (
        open_lessons()
        .filter(locale__language_code=language)
        .exclude(translation_key__in=taken)
        .order_by("path")
    )


def lessons_taken_below(page: Page) -> QuerySet[LessonPage]:
    """Lessons that somebody started, among ``page`` and all pages below it."""
    below = LessonPage.objects.descendant_of(page, inclusive=True)
    return below.filter(enrolments__isnull=False).distinct()


def by_place(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """In the order of the unit tree, then by name: what a progress table shows."""
    return enrolments.select_related("user", "unit").order_by(
        "unit__path", "user__last_name", "user__first_name", "pk"
    )


def totals(enrolments: QuerySet[Enrolment]) -> dict[str, int]:
    """How many were started, completed and practised."""
    return enrolments.order_by().aggregate(
        started=Count("pk"), completed=Count("completed_at"), practised=Count("practice_done_on")
    )
