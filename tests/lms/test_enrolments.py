import json
import uuid

import pytest

from core.models import AuditRecord
from core.refusals import Refusal
from lms.actions import catch_up, enrolments
from lms.models import Enrolment
from lms.signals import module_completed
from lrs.models import Statement
from tests.factories import learning as make
from tests.factories import organisations as people


@pytest.fixture
def caregiver(country):
    return people.person("caregiver", country.here.rooms[0])


def told() -> list[tuple[str, dict]]:
    """(verb, statement) of what the record store holds, oldest first."""
    rows = [
        json.loads(raw)
        for raw in Statement.objects.order_by("stored").values_list("raw", flat=True)
    ]
    return [(row["verb"]["id"].rsplit("/", 1)[1], row) for row in rows]


def test_start_places_the_enrolment_in_her_room(caregiver, country):
    enrolment = make.enrolment(caregiver)

    assert enrolment.unit == country.here.rooms[0]
    assert AuditRecord.objects.get(action="enrolments.start").actor_id == caregiver.pk


def test_start_again_returns_the_same_and_tells_once(caregiver):
    lesson = make.lesson()

    first, second = make.enrolment(caregiver, lesson), make.enrolment(caregiver, lesson)

    assert first == second
    assert [verb for verb, _row in told()] == ["initialized"]


def test_start_without_post_is_refused_and_nothing_kept(db):
    with pytest.raises(Refusal, match="no post today"):
        make.enrolment(people.user())

    assert (Enrolment.objects.count(), Statement.objects.count()) == (0, 0)


def test_start_of_withdrawn_lesson_is_refused(caregiver):
    with pytest.raises(Refusal, match="withdrawn"):
        make.enrolment(caregiver, make.lesson(live=False))


def test_answers_are_all_kept_and_told(caregiver):
    enrolment = make.enrolment(caregiver)
    question, wrong = make.choice(enrolment.lesson, right=False)
    _question, right = make.choice(enrolment.lesson, right=True)

    for choice in (wrong, right):
        enrolments.answer(enrolment=enrolment, question=question, choice=choice, by=caregiver)

    results = [row["result"] for verb, row in told() if verb == "answered"]
    assert results == [
        {"success": False, "response": str(wrong)},
        {"success": True, "response": str(right)},
    ]
    assert list(enrolment.answers.values_list("correct", flat=True)) == [False, True]


def test_answer_to_another_question_is_refused(caregiver):
    enrolment = make.enrolment(caregiver)
    question, choice = make.choice(enrolment.lesson, right=True)

    for asked, given in ((uuid.uuid4(), choice), (question, uuid.uuid4())):
        with pytest.raises(Refusal, match="has changed"):
            enrolments.answer(enrolment=enrolment, question=asked, choice=given, by=caregiver)


def test_answer_by_somebody_else_is_refused(caregiver, country):
    enrolment = make.enrolment(caregiver)
    question, choice = make.choice(enrolment.lesson, right=True)
    mentor = people.person("mentor", country.here.centre)

    with pytest.raises(Refusal, match="Only the person"):
        enrolments.answer(enrolment=enrolment, question=question, choice=choice, by=mentor)


def test_complete_with_open_question_is_refused(caregiver):
    enrolment = make.enrolment(caregiver)

    with pytest.raises(Refusal, match="without an answer"):
        enrolments.complete(enrolment=enrolment, by=caregiver)


def completed(caregiver) -> Enrolment:
    enrolment = make.enrolment(caregiver)
    question, choice = make.choice(enrolment.lesson, right=False)
    enrolments.answer(enrolment=enrolment, question=question, choice=choice, by=caregiver)
    return enrolments.complete(enrolment=enrolment, by=caregiver)


def test_complete_tells_store_and_upper_apps_once(caregiver, django_capture_on_commit_callbacks):
    heard = []

    def hear(sender, **fact):
        heard.append(fact)

    module_completed.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            enrolment = completed(caregiver)
            enrolments.complete(enrolment=enrolment, by=caregiver)
    finally:
        module_completed.disconnect(hear)

    assert [fact["enrolment_id"] for fact in heard] == [enrolment.pk]
    assert [verb for verb, _row in told()] == ["initialized", "answered", "completed"]


def test_practice_before_completion_is_refused(caregiver):
    with pytest.raises(Refusal, match="Finish the lesson first"):
        enrolments.mark_practised(enrolment=make.enrolment(caregiver), by=caregiver)


def test_practice_keeps_the_first_day(caregiver):
    enrolment = completed(caregiver)
    day = enrolments.mark_practised(enrolment=enrolment, by=caregiver).practice_done_on

    again = enrolments.mark_practised(enrolment=enrolment, by=caregiver)

    assert again.practice_done_on == day


def test_statements_name_no_person(caregiver):
    completed(caregiver)

    for _verb, row in told():
        assert row["actor"] == {
            "objectType": "Agent",
            "account": {"homePage": "https://trenza.example", "name": f"person-{caregiver.pk}"},
        }
        text = json.dumps(row)
        assert caregiver.email not in text
        assert caregiver.last_name not in text


def test_catch_up_tells_what_was_lost_and_nothing_twice(caregiver):
    completed(caregiver)
    before = {row["id"]: row.get("result") for _verb, row in told()}
    Statement.objects.all().delete()

    assert catch_up.tell_missing() == 3
    assert catch_up.tell_missing() == 0
    after = {row["id"]: row.get("result") for _verb, row in told()}
    assert after == before
