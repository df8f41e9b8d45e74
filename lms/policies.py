"""What learning allows; each rule refuses with a sentence a person can act on."""

import uuid

from django.utils.translation import gettext as _

from cms.blocks import QuestionValue
from cms.models import LessonPage
from core.refusals import Refusal
from lms.models import Enrolment
from organisations.models import Unit


def has_workplace(unit: Unit | None) -> Unit:
    """Progress belongs to a room or centre."""
    if unit is None:
        raise Refusal(_("You have no post today. Ask your director to enter it, then start."))
    return unit


def is_open(lesson) -> None:
    """A lesson that was withdrawn is not started any more."""
    if not lesson.live:
        raise Refusal(_("This lesson has been withdrawn. Choose another one."))


def holds_no_progress(taken: LessonPage | None) -> None:
    """A page is deleted only where nobody has started it or a lesson below it."""
    if taken is not None:
        raise Refusal(
            _(
                "Somebody has started the lesson “%(lesson)s”, and that progress must stay. "
                "Unpublish the page instead of deleting it: then nobody else can start it."
            )
            % {"lesson": taken.title}
        )


def is_hers(enrolment: Enrolment, by) -> None:
    """Nobody learns in another's place."""
    if enrolment.user_id != by.pk:
        raise Refusal(_("Only the person who takes the lesson can do this."))


def is_asked(enrolment: Enrolment, question: uuid.UUID, choice: uuid.UUID) -> QuestionValue:
    """An answer is one of those that the lesson offers now."""
    found = enrolment.lesson.questions.get(question)
    if found is None or found.is_right(choice) is None:
        raise Refusal(_("This question has changed. Open the lesson again and answer it anew."))
    return found


def all_answered(unanswered: list[uuid.UUID]) -> None:
    """Completing needs an answer to every question, right or wrong."""
    if unanswered:
        raise Refusal(_("Some questions are still without an answer. Answer them, then finish."))


def is_completed(enrolment: Enrolment) -> None:
    """Practice comes after the lesson."""
    if enrolment.completed_at is None:
        raise Refusal(_("Finish the lesson first, then mark the practice as done."))
