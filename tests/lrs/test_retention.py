"""People keep their names for so long; totals stay."""

import datetime
import json
import uuid

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import append_only
from lrs import frames, keys
from lrs.actions import documents, erasures, retention, statements
from lrs.actions.documents import Conditions, Folder
from lrs.enums import Resource
from lrs.models import Erasure, RetentionRule, Statement
from tests.factories.learning import statement
from tests.factories.organisations import person

NOW = datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC)
NAMES = st.integers(0, 5).map(lambda n: {"mbox": f"mailto:p{n}@example.org"})
WHO = st.one_of(
    NAMES,
    st.lists(NAMES, min_size=1, max_size=3).map(
        lambda some: {"objectType": "Group", "member": some}
    ),
)
BODIES = st.lists(
    st.builds(
        lambda actor, verb, context, age: statement(
            actor=actor,
            verb={"id": f"https://example.org/verbs/{verb}"},
            context={"instructor": context} if context else None,
            timestamp=(NOW - datetime.timedelta(days=age)).isoformat(),
            stored=(NOW - datetime.timedelta(days=age)).isoformat(),
        ),
        WHO,
        st.integers(0, 2),
        st.none() | NAMES,
        st.integers(1, 60),
    ),
    min_size=1,
    max_size=12,
)


def mbox(n: int) -> dict:
    return {"mbox": f"mailto:p{n}@example.org"}


def stored(*bodies: dict) -> None:
    statements.store_many([body | {"id": str(uuid.uuid4())} for body in bodies])


def aged(who: dict, days: int) -> dict:
    return statement(actor=who, stored=(NOW - datetime.timedelta(days=days)).isoformat())


def actors() -> set[str]:
    """Who acts, each told from the others."""
    raws = Statement.objects.values_list("raw", flat=True)
    found = set()
    for actor in (json.loads(raw)["actor"] for raw in raws):
        people = actor.get("member", [actor])
        found |= {keys.of_agent(one).hex() for one in people}
    return found


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(bodies=BODIES, days=st.integers(1, 60))
def test_totals_and_distinct_actors_stay_equal(bodies, days, db):
    Statement.objects.all().delete()
    Erasure.objects.all().delete()
    stored(*bodies)
    RetentionRule.objects.update_or_create(pk=1, defaults={"days": days, "is_on": True})
    counted, distinct = frames.counts(Statement.objects.all()), len(actors())
    recent = {
        text
        for text, at in Statement.objects.values_list("raw", "stored")
        if at >= NOW - datetime.timedelta(days=days)
    }

    retention.apply(now=NOW)

    assert frames.counts(Statement.objects.all()).equals(counted)
    assert len(actors()) == distinct
    everything = "".join(Statement.objects.values_list("raw", flat=True))
    for n in range(6):
        named = mbox(n)["mbox"]
        assert (named in everything) == any(named in text for text in recent)
    assert retention.apply(now=NOW) == []


def test_rule_that_is_not_in_force_changes_nothing(db):
    stored(aged(mbox(1), 4000))

    assert retention.apply(now=NOW) == []
    assert Statement.objects.get().erasure is None


def test_person_of_whom_something_new_came_keeps_her_name(admin_rule):
    stored(aged(mbox(1), 400), aged(mbox(1), 3), aged(mbox(2), 400))

    (done,) = retention.apply(now=NOW)

    assert (done.people, done.statements, done.days) == (1, 1, 365)
    assert "p2@" not in "".join(Statement.objects.values_list("raw", flat=True))
    assert Statement.objects.filter(raw__contains="p1@").count() == 2


def test_person_whose_state_is_new_keeps_her_name(admin_rule):
    stored(aged(mbox(1), 400))
    folder = Folder(Resource.STATE, keys.of_activity("https://a.example"), keys.of_agent(mbox(1)))
    documents.put(
        folder=folder, document_id="d", content=b"x", content_type="t/p", when=Conditions()
    )

    assert retention.apply(now=NOW) == []


def test_people_of_one_run_have_each_a_pseudonym_of_their_own(admin_rule, monkeypatch):
    monkeypatch.setattr(retention, "TOGETHER", 2)
    append_only.install(connection)
    stored(*(aged(mbox(n), 400) for n in range(5)))

    done = retention.apply(now=NOW)

    assert [one.people for one in done] == [2, 2, 1]
    assert len(actors()) == 5
    assert set(Erasure.objects.values_list("reason", flat=True)) == {""}


def test_run_finishes_what_was_begun(admin_rule):
    statements.store([statement(actor=mbox(1))])
    begun = erasures.begin(agents=[mbox(1)], reason="She asked.")

    call_command("lrs_retain")

    begun.refresh_from_db()
    assert begun.finished_at is not None


@pytest.fixture
def admin_rule(country):
    """365 days, in force."""
    national = person("national", country.country)
    return retention.change(days=365, is_on=True, by=national)


def test_rule_is_one_row(admin_rule):
    retention.change(days=30, is_on=False, by=None)

    assert list(RetentionRule.objects.values_list("days", "is_on")) == [(30, False)]
    assert timezone.now() - retention.rule().changed_at < datetime.timedelta(minutes=1)
