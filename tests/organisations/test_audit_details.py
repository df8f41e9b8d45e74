import pytest
from django.urls import reverse
from django.utils import translation

from core import audit
from core.models import AuditRecord
from organisations.forms.audit_details import read
from tests.factories import organisations as make

UUID, HASH = "5b5c22c8-9ff1-4a0b-8a6c-0a3b1d0f6f11", "ab" * 32


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ({}, ""),
        ({"kind": "braid"}, "Kind: the three strands"),
        ({"known": True}, "Account known: yes"),
        ({"kind": "zone", "code": "n-z1"}, "Kind: zone · Code: n-z1"),
        ({"role": "witness"}, "Role: independent witness"),
        ({"step": "reflect", "minutes": 20}, "Step: Reflect and give feedback · Minutes: 20"),
        ({"fields": ["name", "provision"]}, "What changed: name, provision"),
        ({"before": {"invited": 4, "attended": None}}, "Before: (Invited: 4, Attended: –)"),
        ({"flavour": "sour"}, "Flavour: sour"),
    ],
)
def test_detail_is_told_in_the_readers_words(detail, words):
    with translation.override("en"):
        assert read("7", detail).words == words


def test_detail_keeps_uuids_and_hashes_apart():
    found = read(UUID, {"cycles": 2, "hash": HASH})

    assert (found.words.count(HASH), found.identifiers) == (0, [UUID, HASH])


def test_page_folds_identifiers_and_keeps_the_numbers_of_records(client, country):
    reader = make.person("regional", country.here.region)
    client.cookies["django_language"] = "en"
    client.force_login(reader)
    AuditRecord.objects.all().delete()
    audit.record("sessions.close", country.here.centre, by=reader, detail={"hash": HASH})

    page = client.get(reverse("audit_list")).content.decode()

    assert f"Unit {country.here.centre.pk}</td>" in page
    assert f"<summary>Identifiers</summary><code>{HASH}</code></details>" in page
