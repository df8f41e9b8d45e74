"""Decisions about what is held: who may, what then counts, and that nothing is lost."""

import uuid

import pytest

from core.refusals import Refusal
from fieldwork import queries
from fieldwork.actions import settlements
from fieldwork.models import Delivery
from tests.factories import field, organisations

WHY = "I telephoned her."


@pytest.fixture
def zonal(country, room):
    return organisations.person("zonal", country.here.zone)


@pytest.fixture
def held(phone, notes, note):
    """A note that is held because it came late."""
    record = note(hold="late")
    phone.put(record)
    return Delivery.objects.get(record=record["id"])


@pytest.fixture
def conflict(phone, notes, note):
    """The second of two contents under one number; the first counts."""
    first = note("One")
    phone.put(first)
    phone.put(note("Two", id=first["id"]))
    return Delivery.objects.get(state="conflict")


def test_take_in_passes_over_the_rule_and_says_who_and_why(held, zonal, notes):
    settled = settlements.take_in(delivery=held, reason=f" {WHY} ", by=zonal)

    row = held.settlements.get()
    assert (settled.state, settled.code, settled.reason) == ("accepted", "", "")
    assert notes.taken == [held.record]
    assert (row.decision, row.by, row.code, row.reason) == ("take_in", zonal, "late", WHY)


def test_take_in_of_what_no_one_may_pass_over_tries_again(phone, notes, note, zonal):
    notes.raises = [Refusal("Not yet.")]
    phone.put(note())
    delivery = Delivery.objects.get()

    again = settlements.take_in(delivery=delivery, reason=WHY, by=zonal)
    notes.raises = []
    after = settlements.take_in(delivery=delivery, reason=WHY, by=zonal)

    assert (again.state, again.reason, after.state) == ("held", "Not yet.", "accepted")
    assert [row.passes_over for row in delivery.settlements.all()] == [False, False]


def test_take_in_keeps_what_was_passed_over_for_the_next_decision(held, zonal, notes):
    notes.raises = [Refusal("Another rule.")]
    still = settlements.take_in(delivery=held, reason=WHY, by=zonal)
    notes.raises = []

    settled = settlements.take_in(delivery=held, reason=WHY, by=zonal)

    assert (still.state, still.code) == ("held", "refused")
    assert settled.state == "accepted"
    assert queries.passed_over(held) == {"late"}


def test_take_in_twice_is_refused(held, zonal, notes):
    settlements.take_in(delivery=held, reason=WHY, by=zonal)

    with pytest.raises(Refusal):
        settlements.take_in(delivery=held, reason=WHY, by=zonal)
    assert notes.taken == [held.record]


@pytest.mark.parametrize("reason", ["", "  \n"])
@pytest.mark.parametrize("act", [settlements.take_in, settlements.set_aside])
def test_decision_without_a_reason_is_refused(held, zonal, act, reason):
    with pytest.raises(Refusal, match="why"):
        act(delivery=held, reason=reason, by=zonal)

    assert held.settlements.count() == 0


def test_decision_about_her_own_record_is_refused(country, notes, note, zonal):
    field.Phone(zonal).put(note(by=zonal, hold="late"))

    with pytest.raises(Refusal, match="Somebody else"):
        settlements.take_in(delivery=Delivery.objects.get(), reason=WHY, by=zonal)


def test_set_aside_is_kept_told_to_the_phone_and_never_counted(held, zonal, phone, notes):
    body = bytes(held.body)

    settlements.set_aside(delivery=held, reason=WHY, by=zonal)

    record = {"kind": held.kind, "id": str(held.record)}
    told = phone.ask(record).json()
    assert (told["state"], told["code"], told["reason"]) == ("refused", "set_aside", WHY)
    assert bytes(Delivery.objects.get().body) == body
    assert notes.taken == []


def test_set_aside_can_be_taken_in_after_all(held, zonal, notes):
    settlements.set_aside(delivery=held, reason=WHY, by=zonal)

    settlements.take_in(delivery=held, reason=WHY, by=zonal)
    notes_before = list(notes.taken)
    again = Delivery.objects.get()

    # It was set aside for another reason than the rule, so the rule holds it once more.
    assert (again.state, again.code, notes_before) == ("held", "late", [])
    assert settlements.take_in(delivery=again, reason=WHY, by=zonal).state == "accepted"


def test_choose_the_second_replaces_the_first(conflict, zonal, phone, notes):
    first = Delivery.objects.exclude(pk=conflict.pk).get()

    settlements.choose(delivery=conflict, reason=WHY, by=zonal)

    states = dict(Delivery.objects.values_list("pk", "state"))
    assert states == {first.pk: "replaced", conflict.pk: "accepted"}
    assert notes.replaced == [(conflict.record, conflict.record, WHY)]
    told = phone.ask({"kind": first.kind, "id": str(first.record)}, first.sha256).json()
    assert (told["state"], told["code"]) == ("refused", "replaced")


def test_keep_the_first_of_two_contents(conflict, zonal, notes):
    settlements.set_aside(delivery=conflict, reason=WHY, by=zonal)

    states = set(Delivery.objects.values_list("state", flat=True))
    assert states == {"accepted", "set_aside"}
    assert len(notes.taken) == 1


def test_choose_the_second_where_the_first_never_counted_takes_it_in(phone, notes, note, zonal):
    first = note(hold="late")
    phone.put(first)
    phone.put(note("Two", id=first["id"]))
    second = Delivery.objects.get(state="conflict")

    settlements.choose(delivery=second, reason=WHY, by=zonal)

    assert set(Delivery.objects.values_list("state", flat=True)) == {"replaced", "accepted"}
    assert (notes.replaced, notes.taken) == ([], [uuid.UUID(first["id"])])


def test_choose_that_the_kind_refuses_changes_nothing(conflict, zonal, notes, monkeypatch):
    def refuse(*_given):
        raise Refusal("A correction is under way.")

    monkeypatch.setattr(notes, "replace", refuse)
    from fieldwork import kinds  # noqa: PLC0415 — the kind was made with the method before

    monkeypatch.setitem(
        kinds._kinds,
        "test.note",
        kinds.Kind(**{**vars(kinds.find("test.note")), "replace": refuse}),
    )

    with pytest.raises(Refusal, match="under way"):
        settlements.choose(delivery=conflict, reason=WHY, by=zonal)

    assert conflict.settlements.count() == 0
    assert set(Delivery.objects.values_list("state", flat=True)) == {"accepted", "conflict"}


def test_conflict_cannot_be_taken_in_beside_the_first(conflict, zonal):
    with pytest.raises(Refusal):
        settlements.take_in(delivery=conflict, reason=WHY, by=zonal)


def test_conflict_set_aside_cannot_be_taken_in_while_the_first_stands(conflict, zonal):
    settlements.set_aside(delivery=conflict, reason=WHY, by=zonal)

    with pytest.raises(Refusal, match="Choose between"):
        settlements.take_in(delivery=conflict, reason=WHY, by=zonal)
