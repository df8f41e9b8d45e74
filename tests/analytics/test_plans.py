"""An analysis plan is written, fixed before anything is computed, and never changed after."""

import pytest
from django.db import DatabaseError, connection, transaction

from analytics import policies
from analytics.actions import plans
from analytics.enums import PlanStatus
from analytics.models import EvaluationPlan
from core import append_only
from core.models import AuditRecord
from core.refusals import Refusal
from tests.factories import organisations as make
from tests.factories import trials
from tests.triggers import refused


@pytest.fixture
def draft(db) -> EvaluationPlan:
    top = make.unit("country", code="mx")
    version = trials.imported(top, trials.rows(centres=2, rooms=1))
    return trials.written(version, top)


def test_plan_is_written_as_a_draft_and_leaves_an_audit_record(draft):
    assert (draft.status, draft.frozen_at, draft.content_hash) == (PlanStatus.DRAFT, None, "")
    assert AuditRecord.objects.get(action="plans.write").object_id == str(draft.pk)
    assert str(draft) == f"{draft.code}: Does mentoring raise the score?"


def test_code_that_is_taken_is_refused(draft):
    with pytest.raises(Refusal, match="There is already a plan"):
        trials.written(draft.version, draft.unit)


def test_frozen_plan_has_a_time_and_the_hash_of_what_it_says(draft):
    frozen = plans.freeze(plan=draft, by=None)

    assert frozen.is_frozen
    assert frozen.frozen_at is not None
    assert frozen.content_hash == plans.digest(EvaluationPlan.objects.get())
    assert AuditRecord.objects.get(action="plans.freeze").detail == {"hash": frozen.content_hash}


def test_hash_is_of_content_assignment_and_instrument(draft):
    before = plans.digest(draft)
    draft.assignment = [{"centre": "Escuela 00", "arm": "si"}]
    other = plans.digest(draft)
    draft.assignment = []
    draft.content["plan"]["alpha"] = 0.1

    assert len({before, other, plans.digest(draft)}) == 3


def test_plan_is_frozen_once(draft):
    frozen = plans.freeze(plan=draft, by=None)

    with pytest.raises(Refusal, match="This plan is frozen"):
        plans.freeze(plan=frozen, by=None)


def test_draft_is_not_computed(draft):
    with pytest.raises(Refusal, match="Freeze the plan first"):
        policies.plan_is_frozen(draft)


def test_frozen_plan_cannot_change_in_the_database(draft):
    append_only.install(connection)
    drafts = EvaluationPlan.objects.filter(pk=draft.pk)
    assert drafts.update(content=draft.content | {"rows": {}}) == 1

    plans.freeze(plan=draft, by=None)

    assert refused(lambda: drafts.update(content={}))
    assert refused(lambda: drafts.update(assignment=[{"centre": "c1"}]))
    assert refused(lambda: drafts.update(status=PlanStatus.DRAFT))
    assert refused(lambda: drafts.update(content_hash="0" * 64))
    assert refused(drafts.delete)
    assert EvaluationPlan.objects.get().is_frozen


def test_frozen_plan_without_its_time_or_hash_cannot_be(draft):
    with pytest.raises(DatabaseError), transaction.atomic():
        EvaluationPlan.objects.update(status=PlanStatus.FROZEN)


def test_amendment_names_the_plan_that_it_amends(draft):
    frozen = plans.freeze(plan=draft, by=None)
    amended = plans.write(
        code="again",
        unit=frozen.unit,
        version=frozen.version,
        content=frozen.content,
        assignment=[],
        by=None,
        amends=frozen,
    )

    assert list(frozen.amended_by.all()) == [amended]
