from django.db import transaction

from core.models import AuditRecord
from tests.factories import organisations as people
from tests.factories import visits as make
from visits.actions import findings

NO = {"PSG-ACC02": "no"}


def test_guides_received_at_the_same_time_are_all_counted(meanwhile):
    visit = make.visit(people.country().here.centre)
    make.response(visit, "1", NO)

    with transaction.atomic():
        make.response(visit, "2", NO)
        third = meanwhile(lambda: make.response(visit, "3", NO))
    third.result()

    assert visit.findings.get().said_no == 3


def test_counts_that_change_leave_an_audit_record(country):
    visit = make.visit(country.here.centre)
    make.response(visit, "1", NO)
    make.response(visit, "2", {"PSG-ACC02": "yes"})

    record = AuditRecord.objects.get(action="visits.recount_finding")
    assert record.object_id == str(visit.findings.get().pk)
    assert record.unit_path == country.here.centre.path
    assert record.detail == {
        "before": {"said_no": 1, "said_yes": 0},
        "after": {"said_no": 1, "said_yes": 1},
    }


def test_counts_that_stay_leave_no_audit_record(country):
    visit = make.visit(country.here.centre)
    make.response(visit, "1", NO)
    before = AuditRecord.objects.count()

    assert findings.raise_from_answers(visit=visit, by=None) == []

    assert AuditRecord.objects.count() == before
