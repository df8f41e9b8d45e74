import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from core.models import AuditRecord
from core.refusals import Refusal
from mentoring import queries, signals
from mentoring.actions import cycles
from mentoring.enums import CycleStatus
from mentoring.models import MentoringCycle, StepDefault
from observation.signals import session_closed
from tests.factories import mentoring as mentor
from tests.factories import organisations as make


@pytest.fixture
def pair(country):
    return mentor.pair(country.here)


def open_today(pair):
    return cycles.open(room=pair.room, caregiver=pair.caregiver, by=pair.mentor)


def test_open_plans_the_six_steps_from_the_editable_defaults(pair):
    StepDefault.objects.filter(kind="observe").update(minutes=45, days_after_opening=7)

    cycle = open_today(pair)

    today = timezone.localdate()
    steps = {step.kind: (step.planned_minutes, step.planned_on) for step in cycle.steps.all()}
    assert list(steps) == ["prepare", "reflect", "agree", "observe", "practise", "observe_again"]
    assert steps["prepare"] == (10, today)
    assert steps["observe"] == (45, today + datetime.timedelta(7))
    assert (cycle.number, cycle.status) == (1, CycleStatus.PREPARE)


def test_open_leaves_an_audit_record_in_the_room(pair):
    cycle = open_today(pair)

    record = AuditRecord.objects.get(action="mentoring.open")
    assert (record.actor_id, record.object_id) == (pair.mentor.pk, str(cycle.pk))
    assert record.unit_path == pair.room.path


def test_open_of_a_second_cycle_is_refused_and_leaves_one(pair):
    open_today(pair)

    with pytest.raises(Refusal, match="already has a cycle under way"):
        open_today(pair)
    assert MentoringCycle.objects.count() == 1


def test_open_after_a_cancelled_cycle_counts_on(pair):
    cycles.cancel(cycle=open_today(pair), reason="Cambió de sala", by=pair.mentor)

    assert open_today(pair).number == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("other room", "no post as caregiver"),
        ("other mentor", "not a mentor of this room"),
        ("herself", "Nobody mentors herself"),
        ("tomorrow", "is still to come"),
        ("centre", "Choose a room"),
        ("closed room", "This room is closed"),
        ("no defaults", "are not set"),
    ],
)
def test_open_with_something_wrong_is_refused_and_writes_nothing(pair, country, change, sentence):
    today = timezone.localdate()
    request = {"room": pair.room, "caregiver": pair.caregiver, "by": pair.mentor, "on": today}
    match change:
        case "other room":
            request["room"] = country.here.rooms[1]
        case "other mentor":
            request["by"] = make.person("mentor", country.elsewhere.centre)
        case "herself":
            make.post("caregiver", pair.room, pair.mentor)
            request["caregiver"] = pair.mentor
        case "tomorrow":
            request["on"] = today + datetime.timedelta(1)
        case "centre":
            request["room"] = country.here.centre
        case "closed room":
            pair.room.closed_on = today
            pair.room.save()
        case "no defaults":
            StepDefault.objects.all().delete()

    with pytest.raises(Refusal, match=sentence):
        cycles.open(**request)
    assert MentoringCycle.objects.count() == 0
    assert AuditRecord.objects.count() == 0


def test_session_attached_twice_moves_the_cycle_once(pair):
    cycle = mentor.cycle(pair, CycleStatus.OBSERVE)
    session = mentor.session(pair)

    first = cycles.attach_session(session.pk)
    again = cycles.attach_session(str(session.pk))

    cycle.refresh_from_db()
    assert first == again == cycle
    assert (cycle.status, cycle.first_session) == (CycleStatus.REFLECT, session)
    assert cycle.steps.get(kind="observe").done_on == timezone.localdate()
    assert AuditRecord.objects.filter(action="mentoring.attach_session").count() == 1


def test_session_minutes_come_from_its_cycles_where_noted(pair):
    cycle = mentor.cycle(pair, CycleStatus.OBSERVE)
    session = mentor.session(pair, status="draft")
    session.cycles.update(started_at=datetime.time(9, 0), ended_at=datetime.time(9, 18))
    closing = {"status": "closed", "closed_at": timezone.now(), "content_hash": "2" * 64}
    type(session).objects.filter(pk=session.pk).update(**closing)

    cycles.attach_session(session.pk)

    assert cycle.steps.get(kind="observe").actual_minutes == 18


@pytest.mark.parametrize(
    "wrong", ["official", "draft", "other observer", "other room", "too early"]
)
def test_session_that_does_not_fit_moves_nothing(pair, country, wrong):
    cycle = mentor.cycle(pair, CycleStatus.OBSERVE, opened=5)
    fields = {
        "official": {"purpose": "official"},
        "draft": {"status": "draft"},
        "other observer": {"observer": make.person("mentor", country.here.centre)},
        "other room": {"unit": country.here.rooms[1]},
        "too early": {"observed_on": mentor.days_ago(6)},
    }[wrong]

    assert cycles.attach_session(mentor.session(pair, **fields).pk) is None
    cycle.refresh_from_db()
    assert (cycle.status, cycle.first_session) == (CycleStatus.OBSERVE, None)


def test_session_of_another_caregiver_of_the_room_moves_her_cycle(pair):
    other = mentor.Pair(pair.room, pair.mentor, make.person("caregiver", pair.room))
    mine, hers = mentor.cycle(pair, CycleStatus.OBSERVE), mentor.cycle(other, CycleStatus.OBSERVE)

    assert cycles.attach_session(mentor.session(other).pk) == hers
    mine.refresh_from_db()
    assert mine.status == CycleStatus.OBSERVE


def test_session_without_caregiver_is_left_where_two_cycles_wait(pair):
    other = mentor.Pair(pair.room, pair.mentor, make.person("caregiver", pair.room))
    mentor.cycle(pair, CycleStatus.OBSERVE)
    mentor.cycle(other, CycleStatus.OBSERVE)

    assert cycles.attach_session(mentor.session(pair, caregiver=None).pk) is None


def test_session_closed_before_preparing_was_reported_is_attached_then(pair):
    cycle = mentor.cycle(pair, opened=3)
    session = mentor.session(pair, mentor.days_ago(1))
    assert cycles.attach_session(session.pk) is None

    cycles.complete_step(
        cycle=cycle, kind="prepare", on=mentor.days_ago(2), minutes=10, by=pair.mentor
    )

    cycle.refresh_from_db()
    assert (cycle.status, cycle.first_session) == (CycleStatus.REFLECT, session)


def corrected(pair, on):
    """A session and its correction, both closed, none heard of yet."""
    version = mentor.checklist()
    old = mentor.session(pair, on, version=version)
    return old, mentor.session(pair, on, version=version, supersedes=old, reason="Error de captura")


def test_session_corrected_before_preparing_was_reported_gives_way_to_its_correction(pair):
    cycle = mentor.cycle(pair, opened=3)
    _old, new = corrected(pair, mentor.days_ago(1))

    cycles.complete_step(
        cycle=cycle, kind="prepare", on=mentor.days_ago(2), minutes=10, by=pair.mentor
    )

    cycle.refresh_from_db()
    assert (cycle.status, cycle.first_session) == (CycleStatus.REFLECT, new)


def test_session_that_was_corrected_does_no_step(pair):
    cycle = mentor.cycle(pair, CycleStatus.OBSERVE)
    old, new = corrected(pair, timezone.localdate())

    assert cycles.attach_session(old.pk) is None
    assert cycles.attach_session(new.pk) == cycle
    assert list(queries.sessions_without_reaction()) == []


def test_correction_of_the_first_session_is_not_taken_for_the_second(pair):
    cycle = mentor.cycle(pair, CycleStatus.PRACTISE, opened=0)
    old = cycle.first_session
    new = mentor.session(
        pair, old.observed_on, version=old.version, supersedes=old, reason="Error de captura"
    )

    cycles.complete_step(
        cycle=cycle, kind="practise", on=timezone.localdate(), minutes=20, by=pair.mentor
    )

    cycle.refresh_from_db()
    assert (cycle.status, cycle.first_session) == (CycleStatus.OBSERVE_AGAIN, new)


def test_second_session_completes_the_cycle_and_says_so(pair, django_capture_on_commit_callbacks):
    cycle = mentor.cycle(pair, CycleStatus.OBSERVE_AGAIN)
    heard = []

    def hear(sender, cycle_id, **kwargs):
        heard.append(cycle_id)

    signals.cycle_completed.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            session = mentor.session(pair, version=cycle.first_session.version)
            cycles.attach_session(session.pk)
    finally:
        signals.cycle_completed.disconnect(hear)

    cycle.refresh_from_db()
    assert (cycle.status, cycle.ended_on) == (CycleStatus.COMPLETED, timezone.localdate())
    assert heard == [cycle.pk]


def test_correction_of_a_session_takes_its_place(pair):
    cycle = mentor.cycle(pair, CycleStatus.REFLECT)
    old = cycle.first_session
    new = mentor.session(
        pair, old.observed_on, version=old.version, supersedes=old, reason="Error de captura"
    )

    assert cycles.attach_session(new.pk) == cycle
    cycle.refresh_from_db()
    assert (cycle.status, cycle.first_session) == (CycleStatus.REFLECT, new)


def test_signal_of_observation_attaches_the_session(pair):
    cycle = mentor.cycle(pair, CycleStatus.OBSERVE)
    session = mentor.session(pair)

    session_closed.send_robust(sender=type(session), session_id=session.pk)

    cycle.refresh_from_db()
    assert cycle.first_session == session


def test_catch_up_attaches_what_a_lost_signal_left(pair, capsys):
    cycle = mentor.cycle(pair, CycleStatus.OBSERVE)
    session = mentor.session(pair)

    call_command("mentoring_catch_up")
    call_command("mentoring_catch_up")

    cycle.refresh_from_db()
    assert cycle.first_session == session
    assert capsys.readouterr().out.splitlines() == [
        "1 sessions without reaction, 1 attached.",
        "0 sessions without reaction, 0 attached.",
    ]


def test_goal_may_be_worded_anew_until_accepted_and_stays_one(pair):
    cycle = mentor.cycle(pair, CycleStatus.AGREE)
    items = cycle.first_session.version.items
    first = cycles.agree_goal(
        cycle=cycle, item=items.get(code="CAL2"), text="Saludar", by=pair.mentor, minutes=12
    )
    second = cycles.agree_goal(
        cycle=cycle, item=items.get(code="CAL1"), text=" Esperar su turno ", by=pair.mentor
    )

    assert first.pk == second.pk
    assert (second.text, second.item.code) == ("Esperar su turno", "CAL1")
    cycles.accept_goal(cycle=cycle, by=pair.caregiver)
    with pytest.raises(Refusal, match="stands at “practising”"):
        cycles.agree_goal(cycle=cycle, item=second.item, text="Otra", by=pair.mentor)


def test_goal_accepted_twice_is_accepted_once(pair):
    cycle = mentor.cycle(pair, CycleStatus.PRACTISE)

    goal = cycles.accept_goal(cycle=cycle, by=pair.caregiver)

    assert goal.accepted_on == timezone.localdate()
    assert AuditRecord.objects.filter(action="mentoring.accept_goal").count() == 1


def test_practise_step_keeps_whether_the_mentor_modelled(pair):
    cycle = mentor.cycle(pair, CycleStatus.PRACTISE)

    cycles.complete_step(
        cycle=cycle,
        kind="practise",
        on=timezone.localdate(),
        minutes=20,
        by=pair.mentor,
        modelled=True,
    )

    cycle.refresh_from_db()
    assert cycle.modelled is True


def test_cancel_without_a_reason_is_refused(pair):
    with pytest.raises(Refusal, match="why the cycle is cancelled"):
        cycles.cancel(cycle=mentor.cycle(pair), reason="  ", by=pair.mentor)
