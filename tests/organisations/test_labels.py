import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils.translation import override

from core.models import AuditRecord
from organisations import labels
from organisations.actions import labels as actions
from organisations.models import UnitLabel
from tests.factories import organisations as make


def call(unit, kind="centre", language="es", one="guardería", several="guarderías"):
    return actions.choose(
        unit=unit, kind=kind, language=language, singular=one, plural=several, by=None
    )


def test_label_is_that_of_the_nearest_unit_above(country):
    call(country.country, one="centro", several="centros")
    call(country.provider)
    call(country.here.region, one="CECI", several="CECI")
    table = labels.table()

    def word(unit):
        return str(labels.resolve(table, "centre", unit.path, "es").plural)

    assert word(country.country) == "centros"
    assert word(country.elsewhere.centre) == "guarderías"
    assert word(country.here.centre) == "CECI"


def test_label_without_any_is_our_own_word(country):
    with override("en"):
        label = labels.resolve({}, "centre", country.here.centre.path)
        words = (str(label.singular), str(label.plural))

    assert words == ("centre", "centres")


def test_tag_reads_the_table_once_per_request(country, rf, django_assert_num_queries):
    call(country.provider, language="en", one="nursery", several="nurseries")
    request = rf.get("/")
    request.user = make.person("director", country.here.centre)
    template = Template(
        "{% load units %}{% unit_label unit %} {% unit_label unit plural=True %} "
        "{% unit_label 'centre' at=unit %} {% unit_label 'centre' %}"
    )

    with override("en"), django_assert_num_queries(2):  # the labels, her posts
        text = template.render(Context({"request": request, "unit": country.here.centre}))

    assert text == "nursery nurseries nursery nursery"


def test_choosing_the_same_words_again_writes_nothing(country):
    call(country.provider)
    call(country.provider)

    assert AuditRecord.objects.filter(action="labels.choose").count() == 1


def test_page_saves_words_and_removes_empty_ones(client, country):
    client.force_login(make.person("national", country.country))
    call(country.provider, kind="zone", one="zona", several="zonas")
    address = reverse("unit_labels", args=["imss"])

    response = client.post(
        address, {"centre_es_singular": "guardería", "centre_es_plural": "guarderías"}
    )

    assert response.status_code == 302
    label = UnitLabel.objects.get()
    assert (label.kind, label.language, label.plural) == ("centre", "es", "guarderías")


def test_page_with_one_word_of_two_is_refused(client, country):
    client.force_login(make.person("national", country.country))
    address = reverse("unit_labels", args=["imss"])

    response = client.post(address, {"centre_es_singular": "guardería"})

    assert list(response.context["form"].errors) == ["centre_es_plural"]
    assert not UnitLabel.objects.exists()


@pytest.mark.parametrize("role", ["regional", "director"])
def test_page_is_closed_to_other_roles(client, country, role):
    client.force_login(make.person(role, country.here.region))

    assert client.get(reverse("unit_labels", args=["norte"])).status_code == 403
