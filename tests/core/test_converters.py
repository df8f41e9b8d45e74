import pytest
from django.urls import get_resolver
from django.urls.converters import IntConverter

from tests.factories import organisations as make
from tests.test_architecture import HEIGHT


def patterns(resolver):
    for one in resolver.url_patterns:
        yield from patterns(one) if hasattr(one, "url_patterns") else [one]


def test_addresses_of_ours_take_no_number_without_bound():
    ours = [one for one in patterns(get_resolver()) if one.lookup_str.split(".")[0] in HEIGHT]
    unbound = [
        one.lookup_str
        for one in ours
        if any(type(converter) is IntConverter for converter in one.pattern.converters.values())
    ]

    assert len(ours) > 40
    assert unbound == []


@pytest.mark.parametrize("number", ["9" * 18, "9" * 19, "9" * 5000])
@pytest.mark.parametrize(
    "address", ["aprender/leccion/{}/", "aprender/{}/1/", "mentoria/{}/", "trenza/{}/"]
)
def test_number_beyond_every_row_is_404(client, country, address, number):
    client.force_login(make.person("national", country.country))

    answer = client.get(f"/{address.format(number)}", follow=True)

    assert answer.status_code == 404
