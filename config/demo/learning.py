"""Who takes the lesson, with which answers, and the statements that tell of it."""

import datetime
import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cms.models import LessonPage
from config.demo import writing
from config.demo.people import People
from config.demo.telling import Fact, Teller
from config.demo.world import World
from lms.models import Enrolment, QuestionAnswer
from lrs.actions import statements as record_store

LESSON = "conversar-por-turnos"
STARTED, FINISHED, PRACTISED = 0.92, 0.75, 0.6  # each of those before
RIGHT = 0.5  # of the answers; one may answer again
NEVER = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class Learners:
    """One entry per person who began the lesson; caregivers first, in their order."""

    person: np.ndarray  # key
    unit: np.ndarray  # key of the room or centre where she worked
    caregiver: np.ndarray  # place in People.caregivers, -1 for others
    started: np.ndarray
    completed: np.ndarray
    practised: np.ndarray
    tries: np.ndarray  # learners × questions: how often each was answered

    def __len__(self) -> int:
        return len(self.person)

    def learnt(self, people: People) -> np.ndarray:
        """Per caregiver, the day on which she completed the lesson."""
        days = np.full(len(people.caregivers), NEVER)
        here = self.caregiver >= 0
        days[self.caregiver[here]] = self.completed[here]
        return days


def lesson() -> LessonPage:
    """The lesson that everybody takes, in the programme's own language."""
    return LessonPage.objects.get(slug=LESSON).original


def plan(world: World, rng: np.random.Generator) -> Learners:
    """Caregivers, directors and mentors begin the lesson over the year; not all finish it."""
    scale, places, people, day = world.scale, world.places, world.people, world.day
    person = np.concatenate([people.caregivers, people.directors, people.mentors])
    of_mentor = np.unique(people.mentor_of_centre, return_index=True)[1]
    unit = np.concatenate(
        [
            places.rooms.ids[people.caregiver_room],
            places.centres.ids,
            places.centres.ids[of_mentor],
        ]
    )
    count, caregivers = len(person), len(people.caregivers)
    begins = rng.random(count) < STARTED
    begins[0] = True
    started = np.busday_offset(day - rng.integers(3, 330, count), 0, roll="backward")
    started[0] = day - 1
    finishes = rng.random(count) < FINISHED
    finishes[0] = False
    completed = np.minimum(started + rng.choice([0, 0, 0, 2, 5, 9], count), day - 1)
    completed[~finishes] = NEVER
    practised = np.minimum(completed + rng.integers(1, 15, count), day)
    practised[rng.random(count) >= PRACTISED] = NEVER
    place = np.where(np.arange(count) < caregivers, np.arange(count), -1)

    kept = np.flatnonzero(begins)
    questions = len(lesson().questions)
    spare = scale.statements - len(kept) - int(finishes[kept].sum())
    return Learners(
        person=person[kept],
        unit=unit[kept],
        caregiver=place[kept],
        started=started[kept],
        completed=completed[kept],
        practised=practised[kept],
        tries=_tries(spare, finishes[kept], questions, rng),
    )


def _tries(
    total: int, finished: np.ndarray, questions: int, rng: np.random.Generator
) -> np.ndarray:
    """How often each learner answers each question, ``total`` in all (one statement each).

    Who finished answered everything; the others stopped on the way, the first learner after one.
    """
    answered = np.where(finished, questions, rng.integers(0, questions, len(finished)))
    answered[0] = 1
    tries = rng.geometric(RIGHT, (len(finished), questions))
    tries[0] = 1
    asked = np.arange(questions) < answered[:, None]
    tries[~asked] = 0
    # To the exact total: one answer more, or one less of several, wherever the draw falls.
    changeable = asked.copy()
    changeable[0] = False
    while missing := total - int(tries.sum()):
        where = np.flatnonzero(changeable if missing > 0 else changeable & (tries > 1))
        if not len(where):
            raise ValueError("The statements of this scale do not fit its number of learners.")
        chosen = rng.permutation(where)[: abs(missing)]
        tries.ravel()[chosen] += 1 if missing > 0 else -1
    return tries


def write(learners: Learners, rng: np.random.Generator) -> dict[str, int]:
    """Insert enrolments, answers and statements; returns rows by kind."""
    page = lesson()
    finished = np.flatnonzero(~np.isnat(learners.completed))
    enrolments = writing.insert(
        Enrolment,
        len(learners),
        user_id=learners.person,
        lesson_id=page.pk,
        unit_id=learners.unit,
        started_at=_stamps(_begun(learners)),
        completed_at=_stamps(_ended(learners)),
        practice_done_on=writing.days(learners.practised),
    )
    answers = _answers(page, learners, rng)
    ids = writing.insert(
        QuestionAnswer,
        len(answers.learner),
        enrolment_id=enrolments[answers.learner],
        question=answers.question,
        choice=answers.choice,
        correct=answers.right.astype(int),
        answered_at=_stamps(answers.at),
    )
    facts = itertools.chain(
        _facts(
            ["initialized"] * len(learners),
            enrolments,
            enrolments,
            learners.person,
            _begun(learners),
        ),
        _facts(
            list(zip(answers.question, answers.choice, strict=True)),
            ids,
            enrolments[answers.learner],
            learners.person[answers.learner],
            answers.at,
        ),
        _facts(
            ["completed"] * len(finished),
            enrolments[finished],
            enrolments[finished],
            learners.person[finished],
            _ended(learners)[finished],
        ),
    )
    told = record_store.store_many(Teller(page).tell(facts))
    return {
        "enrolments": len(learners),
        "completions": len(finished),
        "answers": len(answers.learner),
        "statements": told,
    }


@dataclass(frozen=True)
class Answers:
    learner: np.ndarray
    question: list[str]
    choice: list[str]
    right: np.ndarray
    at: np.ndarray  # datetime64[m], UTC


def _answers(page: LessonPage, learners: Learners, rng: np.random.Generator) -> Answers:
    """All answers in the order given: to each question wrong ones first, the last is right."""
    choices = [
        [
            [_hex(key) for key, _text, right in value.options() if bool(right) is wanted]
            for wanted in (False, True)
        ]
        for value in page.questions.values()
    ]
    names = [_hex(question) for question in page.questions]
    learner, question = np.nonzero(learners.tries)
    tries = learners.tries[learner, question]
    last = np.cumsum(tries) - 1
    learner, question = np.repeat(learner, tries), np.repeat(question, tries)
    right = np.zeros(len(learner), dtype=bool)
    right[last] = True
    draws = rng.random(len(learner)).tolist()
    chosen = []
    for q, good, draw in zip(question.tolist(), right.tolist(), draws, strict=True):
        among = choices[q][good]
        chosen.append(among[int(draw * len(among))])
    within = np.arange(len(learner)) - np.searchsorted(learner, learner)
    return Answers(
        learner=learner,
        question=[names[q] for q in question.tolist()],
        choice=chosen,
        right=right,
        at=_begun(learners)[learner] + 3 + 2 * within,
    )


def _hex(key: object) -> str:
    return uuid.UUID(str(key)).hex


def _begun(learners: Learners) -> np.ndarray:
    """The minute (UTC) in which each learner began."""
    return learners.started.astype("datetime64[m]") + 15 * 60


def _ended(learners: Learners) -> np.ndarray:
    """The minute (UTC) in which each learner finished, after all answers of that day."""
    return learners.completed.astype("datetime64[m]") + 20 * 60


def _facts(sorts, rows, enrolments, persons, times) -> Iterator[Fact]:
    moments = times.astype("datetime64[s]").tolist()
    for sort, row, enrolment, person, at in zip(
        sorts, rows.tolist(), enrolments.tolist(), persons.tolist(), moments, strict=True
    ):
        yield Fact(sort, row, enrolment, person, at.replace(tzinfo=datetime.UTC))


def _stamps(minutes: np.ndarray) -> list[str | None]:
    """datetime64[m] as the database keeps a time stamp; NaT is NULL."""
    return [
        None if stamp == "NaT" else stamp.replace("T", " ") + ":00"
        for stamp in np.datetime_as_string(minutes).tolist()
    ]
