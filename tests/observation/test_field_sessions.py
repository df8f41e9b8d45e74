"""The content of a session from a phone, with rubbish in every place."""

import copy

import pytest

from core.bodies import Malformed
from observation.serializers import field_sessions
from tests.factories import field


@pytest.fixture
def content(room):
    return field.session(room)


def put(content, path, value):
    """``content`` with ``value`` at ``path``; "…" takes it out."""
    changed = copy.deepcopy(content)
    *steps, last = path.split(".")
    place = changed
    for step in steps:
        place = place[int(step)] if step.isdecimal() else place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return changed


RUBBISH = [
    ("room", ...),
    ("room", 7),
    ("room", ""),
    ("room", "x" * 65),
    ("caregiver", "7"),
    ("caregiver", True),
    ("caregiver", 0),
    ("caregiver", 10**30),
    ("purpose", "other"),
    ("purpose", None),
    ("observed_on", "25/11/2026"),
    ("observed_on", "20261125"),
    ("observed_on", "2026-02-30"),
    ("observed_on", 20261125),
    ("age_group", "ZZ"),
    ("age_group", None),
    ("appointment", "x" * 65),
    ("appointment", None),
    ("leave_missing", 1),
    ("leave_missing", "yes"),
    ("leave_missing", ...),
    ("alerts", {"ALE1": "Described"}),
    ("instrument", "checklist"),
    ("instrument.version", "1"),
    ("instrument.version", 0),
    ("instrument.version", 10**9),
    ("instrument.hash", "0" * 63),
    ("cycles", {}),
    ("cycles", [{"number": 1}] * 7),
    ("cycles", [{"number": 1}, {"number": 1}]),
    ("cycles.0.number", 0),
    ("cycles.0.number", 1.5),
    ("cycles.0.number", True),
    ("cycles.0.moments", ["XXX"]),
    ("cycles.0.moments", "ALI"),
    ("cycles.0.started_at", "10:02"),
    ("cycles.0.started_at", "25:00:00"),
    ("cycles.0.started_at", 36000),
    ("cycles.0.minutes_reason", "x" * 201),
    ("cycles.0.context", []),
    ("cycles.0.context", {"CTX1": {"a": 1}}),
    ("cycles.0.context", {"CTX1": [1, 2, 3]}),
    ("cycles.0.context", {"CTX1": "x" * 501}),
    ("cycles.0.pauses", [["10:00:00"]]),
    ("cycles.0.pauses", [["10:00:00", "later"]]),
    ("cycles.0.notes", ["text"]),
    ("cycles.0.notes", [{"at": "10:00:00"}]),
    ("cycles.0.notes", [{"at": "10:00:00", "item": "", "text": "x" * 2001}]),
    ("cycles.0.ratings", []),
    ("cycles.0.ratings", {"CAL1": None}),
    ("cycles.0.ratings", {"CAL1": {"state": "given", "value": 1}}),
    ("cycles.0.ratings", {"CAL1": {"state": "scored", "value": "1"}}),
    ("cycles.0.ratings", {"CAL1": {"state": "scored", "value": 1.0}}),
    ("cycles.0.ratings", {"CAL1": {"state": "scored", "value": True}}),
    ("cycles.0.ratings", {"CAL1": {"state": "scored", "value": 10**9}}),
    ("cycles.0.ratings", {"CAL1": {"state": "na", "note": "x" * 501}}),
    ("cycles.0.ratings", {"CAL1": {"state": "scored", "value": 1, "marks": [2]}}),
    ("cycles.0.ratings", {"CAL1": {"state": "scored", "value": 1, "by": "me"}}),
    ("cycles.0.ratings", {str(n): {"state": "missing"} for n in range(501)}),
]


@pytest.mark.parametrize(("path", "value"), RUBBISH, ids=lambda one: str(one)[:30])
def test_content_that_is_not_of_its_kind_is_told_in_sentences(content, path, value):
    with pytest.raises(Malformed) as told:
        field_sessions.read(put(content, path, value))

    assert str(told.value).startswith("“")
    assert str(told.value).endswith(".")
    assert len(str(told.value)) < 1000


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("caregiver", None),
        ("age_group", ""),
        ("cycles.0.started_at", None),
        ("cycles.0.context", {"CTX1": [8, None], "CTX2": True, "CTX3": "ALI", "CTX4": None}),
        ("cycles.0.ratings", {"CAL1": {"state": "scored", "value": 2, "marks": [1, 0, None]}}),
        ("cycles.0.ratings", {"CAL1": {"state": "na", "value": None, "note": "Nobody came."}}),
    ],
)
def test_content_of_its_kind_is_read(content, path, value):
    assert field_sessions.read(put(content, path, value)).entries()[0]["number"] == 1
