"""A lesson as the person who takes it sees it: steps, questions with her answers, progress."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from cms.blocks import QuestionValue
from cms.models import LessonPage
from lms import queries
from lms.forms import AnswerForm
from lms.models import Enrolment, QuestionAnswer


@dataclass(frozen=True)
class Question:
    """A question of a step with its form and the answer that counts, if any."""

    id: uuid.UUID
    value: QuestionValue
    form: AnswerForm
    answer: QuestionAnswer | None


@dataclass(frozen=True)
class Taken:
    """An enrolment read in the language of the reader."""

    enrolment: Enrolment
    lesson: LessonPage
    questions: frozenset[uuid.UUID]  # those answered

    @property
    def answered(self) -> int:
        return len(self.questions)

    @property
    def total(self) -> int:
        return len(self.lesson.questions)

    @property
    def step(self) -> int:
        """Where to go on: after the last step answered, or at a question left out before."""
        steps = {question: step_of(self.lesson, question) for question in self.lesson.questions}
        reached = max((steps[each] for each in steps if each in self.questions), default=0)
        left = [steps[each] for each in steps if each not in self.questions]
        return min(reached + 1, *left, len(self.lesson.steps))


def taken(enrolments: Iterable[Enrolment]) -> list[Taken]:
    """Enrolments with their progress, in the language being read; three queries in all."""
    rows = list(enrolments)
    originals = LessonPage.objects.in_bulk({row.lesson_id for row in rows})
    pages = queries.translated(originals.values(), get_language() or "")
    answered = queries.answered(rows)
    return [
        Taken(
            row,
            pages[originals[row.lesson_id].translation_key],
            frozenset(answered.get(row.pk, ())),
        )
        for row in rows
    ]


def reading(enrolment: Enrolment) -> LessonPage:
    """The lesson in the language being read, else in its own."""
    return queries.translated([enrolment.lesson], get_language() or "")[
        enrolment.lesson.translation_key
    ]


def parts(
    enrolment: Enrolment, step: Any, tried: AnswerForm | None = None
) -> list[tuple[Any, Question | None]]:
    """The blocks of ``step``, each with its question where it is one.

    ``tried`` is a form that came back with an error; it stands in for that question's own.
    """
    answers = queries.latest_answers(enrolment)
    return [
        (block, _question(block, answers, tried) if block.block_type == "question" else None)
        for block in step.value["content"]
    ]


def _question(
    block: Any, answers: dict[uuid.UUID, QuestionAnswer], tried: AnswerForm | None
) -> Question:
    key = uuid.UUID(block.id)
    answer = answers.get(key)
    form = AnswerForm(
        question_id=key,
        question=block.value,
        initial={"choice": str(answer.choice)} if answer else None,
    )
    if tried is not None and tried.auto_id == form.auto_id:
        form = tried
    return Question(key, block.value, form, answer)


def practice(lesson: LessonPage) -> list[Any]:
    """The practice tasks of ``lesson``, as blocks."""
    return [
        block
        for step in lesson.steps
        for block in step.value["content"]
        if block.block_type == "practice"
    ]


def step_of(lesson: LessonPage, question: uuid.UUID) -> int:
    """The number of the step that asks ``question``, counted from 1."""
    for number, step in enumerate(lesson.steps, start=1):
        if any(block.id == str(question) for block in step.value["content"]):
            return number
    return 1
