import io
import json
import logging

import pytest
from django.urls import reverse

from config.logs import logging_config

SECRET = "ana@trenza.example"


@pytest.fixture
def lines():
    """What has been written since, as the settings would have it on standard error."""
    formatter = dict(logging_config("INFO")["formatters"]["json"])
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter.pop("()")(**formatter))
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def test_request_is_told_by_its_route(client, db, lines):
    address = reverse("account_reset_password_from_key", args=["1", "a-secret-key"])

    client.get(f"{address}?q={SECRET}")

    told = lines()
    requests = {line["request"] for line in told if "request" in line}
    assert requests == {"GET /cuenta/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$"}
    assert "a-secret-key" not in json.dumps(told)
    assert SECRET not in json.dumps(told)


def test_request_for_no_page_is_told_without_its_address(client, db, lines):
    client.get(f"/es/{SECRET}/", headers={"accept": "application/json"})

    assert SECRET not in json.dumps(lines())


def test_error_is_told_by_its_kind_and_place_alone(lines):
    logger = logging.getLogger("trenza.test")
    try:
        try:
            int(SECRET)
        except ValueError as error:
            raise LookupError(SECRET) from error
    except LookupError:
        logger.exception("it broke")

    [line] = lines()
    told = line["exception"].splitlines()
    assert [name for name in told if not name.startswith(" ")] == [
        "builtins.ValueError",
        "builtins.LookupError",
    ]
    assert "test_logs.py" in told[0]
    assert SECRET not in json.dumps(line)
