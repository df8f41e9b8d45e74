"""What happened in learning, as xAPI statements: built with tincan, kept by the record store.

A person is an account by number, never a name or an address. The id of a statement follows from
the fact it tells, so that the same fact told again is the same statement. tincan only builds: it
loses parts of seconds in durations, so none is given.
"""

import json
import uuid
from typing import Any

from django.conf import settings
from tincan import (
    Activity,
    ActivityDefinition,
    Agent,
    AgentAccount,
    Context,
    ContextActivities,
    LanguageMap,
    Result,
    Statement,
)

from cms.models import LessonPage
from lms import vocabulary
from lms.models import Enrolment, QuestionAnswer

FACTS = uuid.UUID("6f0d9c4e-0d2b-5a7c-9a51-7e3a3d1f4b20")


def fact_id(fact: str, pk: int) -> uuid.UUID:
    """The id of the statement that tells ``fact`` ("completed") of the row ``pk``."""
    return uuid.uuid5(FACTS, f"{settings.XAPI_HOME_PAGE} {fact} {pk}")


def initialized(enrolment: Enrolment) -> dict[str, Any]:
    """She started the lesson."""
    return _built(
        id=fact_id("initialized", enrolment.pk),
        actor=_actor(enrolment.user_id),
        verb=vocabulary.INITIALIZED,
        object=_lesson(enrolment.lesson),
        context=_context(enrolment),
        timestamp=enrolment.started_at,
    )


def answered(answer: QuestionAnswer) -> dict[str, Any]:
    """She answered a question, right or wrong."""
    enrolment = answer.enrolment
    lesson = _lesson(enrolment.lesson)
    return _built(
        id=fact_id("answered", answer.pk),
        actor=_actor(enrolment.user_id),
        verb=vocabulary.ANSWERED,
        object=_question(enrolment.lesson, answer.question),
        result=Result(success=answer.correct, response=str(answer.choice)),
        context=_context(enrolment, parent=lesson),
        timestamp=answer.answered_at,
    )


def completed(enrolment: Enrolment) -> dict[str, Any]:
    """She completed the lesson."""
    return _built(
        id=fact_id("completed", enrolment.pk),
        actor=_actor(enrolment.user_id),
        verb=vocabulary.COMPLETED,
        object=_lesson(enrolment.lesson),
        result=Result(completion=True),
        context=_context(enrolment),
        timestamp=enrolment.completed_at,
    )


def _built(**parts) -> dict[str, Any]:
    return json.loads(Statement(**parts).to_json())


def _iri(*parts: object) -> str:
    return "/".join([settings.XAPI_HOME_PAGE.rstrip("/"), "xapi", *map(str, parts)])


def _actor(user_id: int) -> Agent:
    account = AgentAccount(home_page=settings.XAPI_HOME_PAGE, name=f"person-{user_id}")
    return Agent(account=account)


def _context(enrolment: Enrolment, parent: Activity | None = None) -> Context:
    more = {"context_activities": ContextActivities(parent=[parent])} if parent else {}
    return Context(registration=fact_id("enrolment", enrolment.pk), platform="Trenza", **more)


def _lesson(lesson: LessonPage) -> Activity:
    return Activity(
        id=_iri("lessons", lesson.translation_key),
        definition=ActivityDefinition(
            type=vocabulary.LESSON, name=LanguageMap({settings.LANGUAGE_CODE: lesson.title})
        ),
    )


def _question(lesson: LessonPage, question: uuid.UUID) -> Activity:
    """The question with its answers, as far as the lesson still holds it."""
    definition: dict[str, Any] = {"type": vocabulary.QUESTION, "interaction_type": "choice"}
    if found := lesson.questions.get(question):
        options = list(found.options())
        definition["description"] = LanguageMap({settings.LANGUAGE_CODE: found["question"]})
        definition["choices"] = [
            {"id": str(key), "description": {settings.LANGUAGE_CODE: text}}
            for key, text, _correct in options
        ]
        definition["correct_responses_pattern"] = [
            str(key) for key, _text, correct in options if correct
        ]
    return Activity(
        id=_iri("lessons", lesson.translation_key, "questions", question),
        definition=ActivityDefinition(**definition),
    )
