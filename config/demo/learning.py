"""Who takes the lesson, with which answers, and the statements that tell of it."""

from dataclasses import dataclass

import numpy as np

from cms.models import LessonPage
from config.demo import writing
from config.demo.people import People
from config.demo.places import Places
from config.demo.scales import Scale
from lms.models import Enrolment, QuestionAnswer

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


def plan(
    scale: Scale, places: Places, people: People, day: np.datetime64, rng: np.random.Generator
) -> Learners:
    """Caregivers, directors and mentors begin the lesson over the year; not all finish it."""
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


def _tries(total: int, finished: np.ndarray, questions: int, rng: np.random.Generator) -> np.ndarray:
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
    finished = ~np.isnat(learners.completed)
    enrolments = writing.insert(
        Enrolment,
        len(learners),
        user_id=learners.person,
        lesson_id=page.pk,
        unit_id=learners.unit,
        started_at=_stamps(learners.started, np.zeros(len(learners), int)),
        completed_at=_stamps(learners.completed, np.full(len(learners), 240)),
        practice_done_on=writing.days(learners.practised),
    )
    answers = _answers(page, learners, enrolments, rng)
    ids = writing.insert(QuestionAnswer, **answers)
    return {
        "enrolments": len(learners),
        "completions": int(finished.sum()),
        "answers": len(ids),
    }


def _answers(page: LessonPage, learners: Learners, enrolments: np.ndarray, rng) -> dict:
    """Columns of all answers: wrong ones first, the last of each question is right when done."""
    choices = [
        ([c.hex for c, _text, right in value.options() if right],
         [c.hex for c, _text, right in value.options() if not right])
        for value in page.questions.values()
    ]
    names = [question.hex for question in page.questions]
    learner, question = np.nonzero(learners.tries)
    tries = learners.tries[learner, question]
    last = np.cumsum(tries) - 1
    learner, question = np.repeat(learner, tries), np.repeat(question, tries)
    right = np.zeros(len(learner), dtype=bool)
    right[last] = True
    within = np.arange(len(learner)) - np.searchsorted(learner, learner)
    draws = rng.random(len(learner)).tolist()
    chosen = []
    for q, good, draw in zip(question.tolist(), right.tolist(), draws, strict=True):
        among = choices[q][0 if good else 1]
        chosen.append(among[int(draw * len(among))])
    return {
        "count": len(learner),
        "enrolment_id": enrolments[learner],
        "question": [names[q] for q in question.tolist()],
        "choice": chosen,
        "correct": right.astype(int),
        "answered_at": _stamps(learners.started[learner], 3 + 2 * within),
    }


def _stamps(days: np.ndarray, minutes: np.ndarray) -> list[str | None]:
    """Time stamps: so many minutes after noon (UTC) of each day."""
    dated = days.astype("datetime64[m]") + 12 * 60 + minutes
    return [
        None if stamp == "NaT" else stamp.replace("T", " ") + ":00"
        for stamp in np.datetime_as_string(dated).tolist()
    ]
