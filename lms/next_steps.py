"""What a learner should do next, for the signed-in home page."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lms import lessons, queries
from lms.models import Enrolment
from organisations.home import NextStep


def for_learner(user) -> Iterator[NextStep]:
    """Lessons to go on with, practice to try, and a first lesson for who has none."""
    language = get_language() or ""
    enrolments = list(Enrolment.objects.filter(user=user))
    for taken in lessons.taken(each for each in enrolments if each.practice_done_on is None):
        yield _go_on(taken)
    if not enrolments and (lesson := queries.lessons_to_start(user, language).first()):
        yield NextStep(
            text=_("Take a lesson: “%(lesson)s”") % {"lesson": lesson.title},
            url=reverse("lms:lesson_start", args=[lesson.pk]),
            action=_("Look at the lesson"),
            strand="mentoring",
            detail=_("%(minutes)s minutes") % {"minutes": lesson.minutes},
        )


def _go_on(taken: lessons.Taken) -> NextStep:
    enrolment, title = taken.enrolment, taken.lesson.title
    if enrolment.completed_at is None:
        return NextStep(
            text=_("Go on with the lesson “%(lesson)s”") % {"lesson": title},
            url=reverse("lms:enrolment_step", args=[enrolment.pk, taken.step]),
            action=_("Go on"),
            strand="mentoring",
        )
    return NextStep(
        text=_("Try out what you learnt: “%(lesson)s”") % {"lesson": title},
        url=reverse("lms:enrolment_finish", args=[enrolment.pk]),
        action=_("See the practice task"),
        strand="mentoring",
    )
