import pytest

from core import audit
from core.models import AuditRecord
from tests.factories import organisations as make


def test_record_says_who_what_where_and_which(country):
    director = make.person("director", country.here.centre)

    record = audit.record("units.change", country.here.centre, by=director, detail={"n": 1})

    record.refresh_from_db()
    assert (record.actor_id, record.action, record.model, record.object_id) == (
        director.pk,
        "units.change",
        "organisations.Unit",
        str(country.here.centre.pk),
    )
    assert (record.unit_path, record.detail) == (country.here.centre.path, {"n": 1})


def test_record_by_the_system_has_no_person(country):
    assert audit.record("units.change", country.here.centre, by=None).actor_id is None


def test_record_of_a_row_lies_in_the_unit_of_the_row(country):
    post = make.post("director", country.here.centre)

    assert audit.record("posts.give", post, by=None).unit_path == country.here.centre.path


def test_record_outlives_the_account(country):
    user = make.user()
    number = user.pk
    audit.record("people.register", user, by=user)

    user.delete()

    assert AuditRecord.objects.get().actor_id == number


@pytest.mark.django_db
def test_record_of_something_never_stored_has_no_id():
    assert audit.record("sign_ins.fail", type(make.user())(), by=None).object_id == ""
