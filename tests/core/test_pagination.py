import pytest
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from core.pagination import Pages


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", range(50)),
        ("limit=2&offset=3", range(3, 5)),
        ("limit=501", range(500)),
        ("limit=9223372036854775807", range(500)),
        (f"limit={'9' * 30}", range(500)),
        (f"offset={'9' * 30}", []),
    ],
)
def test_page_is_as_asked_for_within_bounds(query, rows):
    request = Request(APIRequestFactory().get(f"/?{query}"))

    assert Pages().paginate_queryset(list(range(600)), request) == list(rows)


@pytest.mark.parametrize("query", ["limit=rubbish", "offset=rubbish", "limit=-1", "offset=-1"])
def test_number_of_rows_that_is_none_is_refused(query):
    request = Request(APIRequestFactory().get(f"/?{query}"))

    with pytest.raises(ValidationError) as told:
        Pages().paginate_queryset(list(range(600)), request)

    assert list(told.value.detail) == [query.partition("=")[0]]
