"""The least valid destination, statements that are stored, and one with an attachment."""

import hashlib
import json
import uuid

from lrs import multipart
from lrs.actions import deliveries, destinations, statements
from lrs.models import Destination
from lrs.multipart import Part
from tests.factories.learning import statement

SECRET = "ñ: not in the clear"


def destination(endpoint: str, by=None, **fields) -> Destination:
    made = destinations.add(
        **{
            "name": f"store {uuid.uuid4()}",
            "endpoint": endpoint,
            "version": "1.0.3",
            "key": "key",
            "secret": SECRET,
            "by": by,
        }
        | fields
    )
    deliveries.look_again()
    return made


def stored(number: int, **parts) -> list[str]:
    """The ids of so many new statements."""
    bodies = [statement(id=str(uuid.uuid4()), **parts) for _ in range(number)]
    return [str(one) for one in statements.store(bodies)]


def with_picture(content: bytes) -> tuple[dict, dict[str, Part]]:
    """A statement with an attachment, and that by its hash as it comes in."""
    sha2 = hashlib.sha256(content).hexdigest()
    described = {
        "usageType": "https://x.example/picture",
        "display": {"en": "picture"},
        "contentType": "image/png",
        "length": len(content),
        "sha2": sha2,
    }
    body = statement(id=str(uuid.uuid4()), attachments=[described])
    raw = multipart.joined(json.dumps(body), [(sha2, "image/png", content)], "mark")
    return body, multipart.by_hash(multipart.parts(raw, "multipart/mixed; boundary=mark")[1:])
