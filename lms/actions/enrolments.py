"""Taking a lesson. Each fact is told to the record store in the same transaction."""

import datetime
import uuid
from functools import partial

from django.db import transaction
from django.utils import timezone

from cms.models import LessonPage
from core import audit
from lms import policies, queries, statements
from lms.models import Enrolment, QuestionAnswer
from lms.signals import module_completed
from lrs.actions import statements as record_store


@transaction.atomic
def start(*, lesson: LessonPage, by) -> Enrolment:
    """``by`` starts ``lesson``, in whichever language; again returns what she started before."""
    original = lesson.original
    enrolment = Enrolment.objects.filter(user=by, lesson=original).first()
    if enrolment:
        return enrolment
    policies.is_open(lesson)
    enrolment, new = Enrolment.objects.get_or_create(
        user=by,
        lesson=original,
        defaults={"unit": policies.has_workplace(queries.workplace(by))},
    )
    if new:
        record_store.store([statements.initialized(enrolment)])
        audit.record("enrolments.start", enrolment, by=by)
    return enrolment


@transaction.atomic
def answer(*, enrolment: Enrolment, question: uuid.UUID, choice: uuid.UUID, by) -> QuestionAnswer:
    """``by`` answers ``question`` with ``choice``, once more if she likes: the latest counts."""
    policies.is_hers(enrolment, by)
    found = policies.is_asked(enrolment, question, choice)
    given = QuestionAnswer.objects.create(
        enrolment=enrolment,
        question=question,
        choice=choice,
        correct=bool(found.is_right(choice)),
    )
    record_store.store([statements.answered(given)])
    audit.record("enrolments.answer", enrolment, by=by, detail={"question": str(question)})
    return given


@transaction.atomic
def complete(*, enrolment: Enrolment, by) -> Enrolment:
    """``by`` finishes the lesson once every question has an answer; again changes nothing."""
    policies.is_hers(enrolment, by)
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if enrolment.completed_at:
        return enrolment
    policies.all_answered(queries.unanswered(enrolment))
    enrolment.completed_at = timezone.now()
    enrolment.save(update_fields=["completed_at"])
    record_store.store([statements.completed(enrolment)])
    audit.record("enrolments.complete", enrolment, by=by)
    transaction.on_commit(
        partial(
            module_completed.send_robust,
            sender=Enrolment,
            enrolment_id=enrolment.pk,
            user_id=enrolment.user_id,
            unit_id=enrolment.unit_id,
            lesson_key=enrolment.lesson.translation_key,
            completed_at=enrolment.completed_at,
        )
    )
    return enrolment


@transaction.atomic
def mark_practised(*, enrolment: Enrolment, by, on: datetime.date | None = None) -> Enrolment:
    """``by`` did the practice task in her room; the first day counts."""
    policies.is_hers(enrolment, by)
    policies.is_completed(enrolment)
    if enrolment.practice_done_on is None:
        enrolment.practice_done_on = on or timezone.localdate()
        enrolment.save(update_fields=["practice_done_on"])
        audit.record("enrolments.mark_practised", enrolment, by=by)
    return enrolment
