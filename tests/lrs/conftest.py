import base64
import json

import pytest
from django.test import Client

from tests.factories import learning as make


class RecordStore:
    """A client of the record store as another program would be one."""

    url = "/xapi/statements"

    def __init__(self, key: str, secret: str, version: str | None = "1.0.3"):
        token = base64.b64encode(f"{key}:{secret}".encode()).decode()
        self.headers = {"Authorization": f"Basic {token}"}
        if version:
            self.headers["X-Experience-API-Version"] = version
        self.client = Client()

    def post(self, body, content_type: str = "application/json", **headers):
        data = body if isinstance(body, bytes | str) else json.dumps(body)
        return self.client.post(
            self.url, data, content_type=content_type, headers=self.headers | headers
        )

    def get(self, url: str = url, **parameters):
        return self.client.get(url, parameters or None, headers=self.headers)


@pytest.fixture
def store(db) -> RecordStore:
    credential, secret = make.credential()
    return RecordStore(credential.key, secret)
