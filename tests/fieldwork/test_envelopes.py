"""Rubbish of every sort at the door, and the same record in every order."""

import hashlib
import json
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from fieldwork.models import Delivery
from fieldwork.serializers import envelopes
from tests.factories import field


def changed(record, **fields):
    return {name: value for name, value in (record | fields).items() if value is not ...}


RUBBISH = [
    ("", b""),
    ("", b"{"),
    ("", b"[]"),
    ("", b'"text"'),
    ("", b"\xff\xfe\x00"),
    ("", b"null"),
    ("", b"[" * 100_000),
    ("", b'{"a":NaN}'),
    ("a", b'{"a":1e999}'),
    ("a", b'{"a":1,"a":1}'),
    ("a", b'{"a":"\\u0000"}'),
    ("a", b'{"a":"\\ud800"}'),
]


@pytest.mark.parametrize(("where", "body"), RUBBISH, ids=lambda value: str(value)[:20])
def test_body_that_is_no_sound_json_is_400_and_stores_nothing(phone, record, where, body):
    answer = phone.put(record, body)

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert answer.json()["reason"].startswith(where)
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize(
    ("where", "fields"),
    [
        ("kind", {"kind": ...}),
        ("extra", {"extra": 1}),
        ("by", {"by": "7"}),
        ("by", {"by": True}),
        ("by", {"by": None}),
        ("device", {"device": "no uuid"}),
        ("device", {"device": "11111111111141118111111111111111"}),
        ("made_at", {"made_at": "2026-11-25"}),
        ("made_at", {"made_at": "2026-11-25T10:00:00"}),
        ("closed_at", {"closed_at": "2026-13-25T10:00:00Z"}),
        ("closed_at", {"closed_at": 7}),
        ("content", {"content": []}),
        ("content", {"content": None}),
    ],
)
def test_envelope_malformed_is_400_by_name(phone, record, where, fields):
    sent = changed(record, **fields)

    answer = phone.put(record, field.canonical(sent))

    assert answer.status_code == 400
    assert answer.json()["reason"].startswith(f"{where}: ")
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize("other", [{"id": str(uuid.uuid4())}, {"kind": "test.other"}])
def test_envelope_for_another_address_is_400(phone, record, other):
    answer = phone.put(record, field.canonical(record | other))

    assert (answer.status_code, Delivery.objects.count()) == (400, 0)


def test_envelope_too_deep_is_400(phone, record):
    deep: dict = {}
    for _step in range(70):
        deep = {"a": deep}

    answer = phone.put(record | {"content": deep})

    assert (answer.status_code, Delivery.objects.count()) == (400, 0)


def test_number_larger_than_any_account_is_403(phone, record):
    sent = field.canonical(record | {"by": 10**30})

    assert phone.put(record, sent).status_code == 403


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner),
    max_leaves=10,
)


@given(value=some.dictionaries(some.text(max_size=5), JSON, max_size=5), data=some.data())
def test_hash_is_the_same_in_every_order_of_keys_and_another_for_another_value(value, data):
    names = data.draw(some.permutations(list(value)))
    turned = {name: value[name] for name in names}

    assert envelopes.canonical_hash(turned) == envelopes.canonical_hash(value)
    assert envelopes.canonical_hash(value | {"more": 1}) != envelopes.canonical_hash(value)
    expected = hashlib.sha256(field.canonical(value)).hexdigest()
    assert envelopes.canonical_hash(json.loads(field.canonical(value))) == expected


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sends=some.lists(some.tuples(some.integers(0, 2), some.integers(0, 2)), max_size=12))
def test_records_sent_in_any_order_and_number_are_kept_once_each(phone, notes, note, sends):
    """Three numbers with up to three contents each; the first content of each number counts."""
    ids = [str(uuid.uuid4()) for _number in range(3)]
    kept = {(n, c): note(str(c), id=ids[n]) for n in range(3) for c in range(3)}
    notes.taken.clear()
    first: dict[int, int] = {}

    for number, content in sends:
        new = number not in first
        first.setdefault(number, content)
        answer = phone.put(kept[number, content])
        expected = {201, 200} if first[number] == content else {409}
        assert answer.status_code in expected
        assert (answer.status_code == 201) == new

    stored = Delivery.objects.filter(record__in=ids)
    assert {bytes(one.body) for one in stored} == {field.canonical(kept[each]) for each in sends}
    assert stored.count() == len(set(sends))
    assert notes.taken == [uuid.UUID(ids[number]) for number in first]
