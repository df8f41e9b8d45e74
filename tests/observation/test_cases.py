"""Safeguarding cases: opened at once, seen by few, with a record of their own."""

import datetime
import uuid

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from core import append_only
from core.models import AuditRecord
from core.refusals import Refusal
from observation import frames
from observation.actions import alerts, case_mails, cases, sessions
from observation.enums import CaseStatus
from observation.models import CaseEntry, ObservationSession, SafeguardingAlert, SafeguardingCase
from organisations.queries import audit_records
from tests.factories import observation as make
from tests.factories import organisations


@pytest.fixture
def officer(country):
    return organisations.person("protection", country.here.region)


@pytest.fixture
def case(room):
    return make.case(room)


def kinds(case) -> list[str]:
    return list(case.entries.values_list("kind", flat=True))


def test_alert_opens_a_case_at_once_and_tells_its_officers(
    country, room, officer, django_capture_on_commit_callbacks
):
    organisations.person("protection", country.elsewhere.region)

    with django_capture_on_commit_callbacks(execute=True):
        case = make.case(room, text="Pulled by the arm")

    assert (case.status, kinds(case)) == ("open", ["opened", "raised"])
    assert [message.to for message in mail.outbox] == [[officer.email]]
    assert "arm" not in mail.outbox[0].body + mail.outbox[0].subject
    assert room.name not in mail.outbox[0].body + mail.outbox[0].subject


def test_alerts_of_one_session_are_one_case(draft):
    for number, code in ((1, "ALE1"), (2, "ALE2")):
        entry = {"number": number, "alerts": {code: "Seen"}}
        sessions.save_draft(session=draft, cycles=[entry], by=draft.observer)

    assert SafeguardingCase.objects.get().alerts.count() == 2


def test_alert_stands_before_its_session_has_arrived(room, version):
    observer = organisations.person("mentor", room.get_parent())
    item = version.items.get(code="ALE1")
    session = uuid.uuid4()
    for _again in range(2):
        marked = alerts.mark(
            room=room, session=session, cycle=1, item=item, text="Seen", by=observer
        )

    begun = make.draft(room, observer, id=session)
    with pytest.raises(Refusal):
        sessions.discard(session=begun, by=observer)
    assert (SafeguardingAlert.objects.get(), kinds(marked.case)) == (marked, ["opened", "raised"])


def test_another_text_for_a_described_alert_is_kept_as_a_note(case, room):
    alert = case.alerts.get()

    alerts.mark(
        room=room,
        session=case.session_uid,
        cycle=1,
        item=alert.item,
        text="More",
        by=alert.observer,
    )

    alert.refresh_from_db()
    assert alert.description == "Invented fact"
    assert case.entries.last().text == "More"


def test_limits_of_the_programme_hold_for_cases_opened_from_now_on(country, room):
    before = make.case(room)
    national = organisations.person("national", country.country)
    cases.change_limits(hours_to_look=1, hours_to_hand_over=2, by=national)

    after = make.case(room)

    assert before.look_by - before.opened_at == datetime.timedelta(hours=4)
    assert after.look_by - after.opened_at == datetime.timedelta(hours=1)
    assert after.hand_over_by - after.opened_at == datetime.timedelta(hours=2)


# ---- from hand to hand


def test_case_goes_from_hand_to_hand_and_each_move_is_entered(case, officer):
    cases.take(case=case, by=officer)
    cases.note(case=case, text="Called the centre", by=officer)
    cases.hand_over(case=case, to_whom="The office", text="All of it", reference="7/26", by=officer)
    cases.close(case=case, text="They took over", by=officer)
    cases.reopen(case=case, text="They asked again", by=officer)

    case.refresh_from_db()
    assert (case.status, case.officer) == (CaseStatus.IN_HAND, officer)
    assert kinds(case)[2:] == ["taken", "noted", "handed_over", "closed", "reopened"]


@pytest.mark.parametrize(
    ("before", "act", "given"),
    [
        ([], cases.hand_over, {"to_whom": "The office", "text": "All"}),
        ([], cases.close, {"text": "Why"}),
        ([], cases.reopen, {"text": "Why"}),
        (["take"], cases.take, {}),
        (["take"], cases.close, {"text": "  "}),
        (["take"], cases.note, {"text": ""}),
        (["take"], cases.hand_over, {"to_whom": " ", "text": "All"}),
        (["take", "close"], cases.take, {}),
        (["take", "close"], cases.close, {"text": "Again"}),
        (["take", "close"], cases.reopen, {"text": ""}),
    ],
)
def test_case_refuses_what_its_state_does_not_allow(case, officer, before, act, given):
    for name in before:
        getattr(cases, name)(case=case, by=officer, **({"text": "Done"} if name == "close" else {}))
    status, entries = SafeguardingCase.objects.get().status, CaseEntry.objects.count()

    with pytest.raises(Refusal):
        act(case=case, by=officer, **given)

    assert (SafeguardingCase.objects.get().status, CaseEntry.objects.count()) == (status, entries)


def test_case_in_anothers_hands_must_be_taken_first(country, case, officer):
    other = organisations.person("protection", country.country)
    cases.take(case=case, by=officer)

    with pytest.raises(Refusal):
        cases.close(case=case, text="Over", by=other)
    cases.take(case=case, by=other)
    cases.close(case=case, text="Over", by=other)

    assert SafeguardingCase.objects.get().status == CaseStatus.CLOSED


def test_case_opened_again_has_its_time_before_it(case, officer):
    cases.take(case=case, by=officer)
    cases.close(case=case, text="Over", by=officer)
    long_ago = timezone.now() - datetime.timedelta(days=9)
    SafeguardingCase.objects.update(look_by=long_ago, hand_over_by=long_ago)

    cases.reopen(case=case, text="They asked again", by=officer)

    late = SafeguardingCase.objects.get().due
    assert late is not None
    assert datetime.timedelta(hours=47) < late - timezone.now() < datetime.timedelta(hours=49)


def test_alert_that_comes_while_its_case_is_closed_wakes_it(case, officer):
    cases.take(case=case, by=officer)
    as_it_was = SafeguardingCase.objects.get()
    cases.close(case=case, text="Over", by=officer)

    cases.receive(case=as_it_was, by=case.alerts.get().observer)

    assert SafeguardingCase.objects.get().status == CaseStatus.OPEN


def test_another_alert_wakes_a_closed_case(case, officer, room, version):
    cases.take(case=case, by=officer)
    cases.close(case=case, text="Over", by=officer)

    alerts.mark(
        room=room,
        session=case.session_uid,
        cycle=2,
        item=version.items.get(code="ALE2"),
        text="Seen",
        by=case.alerts.get().observer,
    )

    assert SafeguardingCase.objects.get().status == CaseStatus.OPEN


# ---- seen by nobody else


def test_nothing_of_a_case_is_in_the_audit_that_coordinators_read(country, case, officer):
    cases.take(case=case, by=officer)
    AuditRecord.objects.create(action="alerts.raise", model="observation.SafeguardingAlert")
    national = organisations.person("national", country.country)

    told = {(one.action, one.model) for one in audit_records(national)}

    assert not {pair for pair in told if "afeguarding" in pair[1] or "alert" in pair[0]}


def test_nothing_of_a_case_is_in_scores_or_frames(room):
    plain, alerted = make.filled(room), make.filled(room)
    entry = {"number": 1, "alerts": {"ALE1": "Hidden fact"}}
    sessions.save_draft(session=alerted, cycles=[entry], by=alerted.observer)
    for one in (plain, alerted):
        sessions.close(session=one, by=one.observer)

    of = ObservationSession.objects.filter
    first, second = (
        frames.ratings(of(pk=one.pk))[["cycle", "item", "value", "state"]]
        for one in (plain, alerted)
    )
    assert first.equals(second)
    assert list(plain.scores.order_by("pk").values_list("score", flat=True)) == list(
        alerted.scores.order_by("pk").values_list("score", flat=True)
    )


def test_reading_is_entered_and_no_browser_keeps_the_page(case, officer, sign_in):
    page = sign_in(officer).get(reverse("observation:case_detail", args=[case.pk]))

    assert page["Cache-Control"] == "no-store"
    assert kinds(case)[-1] == "read"
    assert case.entries.last().by == officer


# ---- on the page


def act(client, case, name, **fields):
    return client.post(reverse("observation:case_detail", args=[case.pk]), {"act": name, **fields})


def test_page_takes_hands_over_and_shows_the_note(case, officer, sign_in):
    client = sign_in(officer)
    act(client, case, "take")
    act(client, case, "hand_over", to_whom="The office", text="What was told", reference="7/26")

    note = case.entries.get(kind="handed_over")
    page = client.get(reverse("observation:case_note", args=[case.pk, note.pk])).content.decode()
    assert "What was told" in page
    assert "Invented fact" in page
    assert "7/26" in page


@pytest.mark.parametrize(
    ("name", "fields", "status"),
    [
        ("close", {"text": "Not mine yet"}, 200),
        ("note", {"text": ""}, 200),
        ("note", {"text": "x" * 5001}, 200),
        ("note", {"text": "a\0b"}, 200),
        ("rubbish", {"text": "x"}, 302),
        ("", {}, 302),
    ],
)
def test_page_says_what_is_wrong_and_writes_nothing(case, officer, sign_in, name, fields, status):
    before = CaseEntry.objects.exclude(kind="read").count()

    assert act(sign_in(officer), case, name, **fields).status_code == status
    assert CaseEntry.objects.exclude(kind="read").count() == before


def test_page_older_than_its_case_says_why_not_and_keeps_the_text(case, officer, sign_in):
    cases.take(case=case, by=officer)
    cases.close(case=case, text="Over", by=officer)

    page = act(sign_in(officer), case, "hand_over", to_whom="The office", text="All of it")

    text = page.content.decode()
    assert "This case is over. Open it again, and say why." in text
    assert "All of it" in text


def test_case_that_another_handed_over_offers_only_what_one_may_do(country, case, officer, sign_in):
    other = organisations.person("protection", country.country)
    cases.take(case=case, by=officer)
    cases.hand_over(case=case, to_whom="The office", text="All of it", by=officer)
    page = reverse("observation:case_detail", args=[case.pk])

    assert list(sign_in(other).get(page).context["moves"]) == ["note", "reopen"]


@pytest.mark.parametrize(("look", "over"), [(0, 5), (5, 4), ("", 4), (-1, 4), (99999, 99999)])
def test_limits_that_cannot_hold_are_refused(country, sign_in, look, over):
    client = sign_in(organisations.person("national", country.country))

    page = client.post(
        reverse("observation:safeguarding_limits"),
        {"hours_to_look": look, "hours_to_hand_over": over},
    )

    assert page.status_code == 200
    assert cases.limits_in_force().hours_to_look == 4


# ---- late, and for good


def test_late_cases_are_reminded_of_once_a_day(case, officer, django_capture_on_commit_callbacks):
    make.case(case.unit)
    SafeguardingCase.objects.filter(pk=case.pk).update(look_by=timezone.now())

    for _hour in range(2):
        call_command("remind_safeguarding")

    assert len(mail.outbox) == 1
    assert kinds(case)[-1] == "reminded"
    cases.take(case=case, by=officer)
    cases.close(case=case, text="Over", by=officer)
    assert case_mails.remind() == 0


def test_entries_cannot_be_changed_in_the_database(case):
    append_only.install(connection)

    for change in (
        lambda: CaseEntry.objects.update(text="Other"),
        lambda: CaseEntry.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
