"""Whatever wrong comes: refused in plain words, nothing kept, and nothing told of the inside.

`XAPI_MALFORMED=10000` sends so many; the tests send a thousand.
"""

import os

import pytest
from hypothesis import HealthCheck, given, settings

from lrs.models import Activity, Attachment, Document, Mention, Statement
from tests.factories import learning as make
from tests.lrs import malformed_requests
from tests.lrs.conftest import RecordStore

INSIDE = ("Traceback", 'File "', "site-packages", "django", "psycopg", "sqlite", "lrs.", "Error(")


@pytest.fixture
def a_store(transactional_db) -> RecordStore:
    """With transactions of its own: a request that breaks must not hide what it kept."""
    credential, secret = make.credential()
    store = RecordStore(credential.key, secret)
    store.client.raise_request_exception = False
    return store


@settings(
    max_examples=int(os.environ.get("XAPI_MALFORMED", "1000")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(request=malformed_requests.requests)
def test_malformed_request_is_refused_and_leaves_nothing(a_store, request):
    headers = {
        name: value
        for name, value in (a_store.headers | request.headers).items()
        if value is not None
    }

    answer = a_store.client.generic(
        request.method,
        f"/xapi/{request.path}",
        request.body,
        request.content_type,
        headers=headers,
        QUERY_STRING=request.query,
    )

    text = answer.content.decode()
    assert 400 <= answer.status_code < 500, text
    if request.method != "HEAD":
        assert answer.json()
    assert not [word for word in INSIDE if word in text], text
    kept = [
        one for one in (Statement, Mention, Activity, Document, Attachment) if one.objects.exists()
    ]
    assert kept == []
