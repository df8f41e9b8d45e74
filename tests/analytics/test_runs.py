import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from analytics import policies
from analytics.actions import runs
from analytics.enums import RunKind
from analytics.models import Run
from core.models import AuditRecord
from tests.factories import organisations as make

PERIOD = {"starts_on": datetime.date(2026, 1, 1), "ends_on": datetime.date(2026, 6, 30)}


def ask(country, **fields):
    fields = {"kind": RunKind.BRAID, "unit": country.here.region, "background": False} | fields
    return runs.request(**PERIOD, **fields)


def test_request_leaves_an_audit_record(country):
    run = ask(country)

    assert AuditRecord.objects.get(action="runs.request").object_id == str(run.pk)


def test_request_that_waits_already_is_given_back(country):
    assert ask(country) == ask(country)
    assert Run.objects.count() == 1


def test_request_at_the_same_time_waits_for_the_other_and_is_given_its_run(meanwhile):
    country = make.country()

    with transaction.atomic():
        first = ask(country)
        second = meanwhile(lambda: ask(country))

    assert second.result() == first


def test_request_beside_a_run_whose_worker_died_is_a_new_run(country):
    lost = ask(country)
    Run.objects.update(status="running", alive_at=timezone.now() - policies.LOST_AFTER)

    assert ask(country) != lost


def test_request_after_the_result_is_a_new_run(country):
    first = runs.compute(run=ask(country))

    assert ask(country) != first


def test_compute_twice_computes_once(country):
    run = runs.compute(run=ask(country))
    finished = run.finished_at

    assert runs.compute(run=run).finished_at == finished


def test_compute_with_no_records_says_insufficient(country):
    run = runs.compute(run=ask(country))

    assert run.status == "done"
    assert {name: link["reason"] for name, link in run.result["associations"].items()} == {
        "dose_change": "no_overlap",
        "learning_change": "no_overlap",
        "change_safety": "no_overlap",
    }
    assert run.result["coverage"]["rooms"] == 2


def test_compute_that_breaks_is_stored_as_failed(country, settings):
    run = ask(country, kind=RunKind.VALIDITY, options={"version": 999_999})

    assert runs.compute(run=run).status == "failed"


@pytest.mark.parametrize("seed", [1, 2])
def test_same_inputs_and_seed_give_the_same_result(country, seed):
    first, second = (runs.compute(run=ask(country, seed=seed)) for _ in range(2))

    assert first.pk != second.pk
    assert (first.inputs_hash, first.result, first.table) == (
        second.inputs_hash,
        second.result,
        second.table,
    )
