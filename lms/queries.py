"""Questions asked of enrolments in more than one place."""

import uuid
from collections.abc import Iterable

from django.db.models import Count, QuerySet

from cms.models import LessonPage
from lms.models import Enrolment, QuestionAnswer
from organisations.models import Unit
from organisations.roles import holders


def workplace(user) -> Unit | None:
    """The room, else centre or other unit, where the person has a post today."""
    posts = user.posts.in_force().filter(role__in=holders("lms.learn")).select_related("unit")
    post = posts.order_by("-unit__depth", "-starts_on", "-pk").first()
    return post.unit if post else None


def in_language(enrolments: Iterable[Enrolment], language: str) -> dict[uuid.UUID, LessonPage]:
    """The lessons of ``enrolments`` in ``language``, by translation key; missing ones left out."""
    keys = {enrolment.lesson.translation_key for enrolment in enrolments}
    pages = LessonPage.objects.filter(translation_key__in=keys, locale__language_code=language)
    return {page.translation_key: page for page in pages}


def with_progress(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Enrolments with ``answered``, the number of questions that have an answer, and lesson."""
    return enrolments.select_related("lesson__locale").annotate(
        answered=Count("answers__question", distinct=True)
    )


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
        LessonPage.objects.live()
        .filter(locale__language_code=language)
        .exclude(translation_key__in=taken)
        .order_by("path")
    )


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
