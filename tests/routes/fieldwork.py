import uuid

from tests.factories import field
from tests.routes import SIGNED_IN, Route

SETTLE = "fieldwork.settle"
BOTH = ("get", "post")


def held(region):
    return {"pk": field.held(region.rooms[0]).pk}


ROUTES = {
    "fieldwork:held_list": Route(SETTLE, fill=held),
    "fieldwork:held_detail": Route(SETTLE, BOTH, held),
    "fieldwork:held_body": Route(SETTLE, arguments=held),
    "fieldwork:held_retry": Route(SETTLE, ("post",), held),
    "field_api:me": Route(SIGNED_IN),
    "field_api:agenda": Route(SIGNED_IN),
    "field_api:record": Route(
        SIGNED_IN, ("get", "put"), words={"kind": "observation.session", "pk": str(uuid.uuid4())}
    ),
    "field_api:blob": Route(SIGNED_IN, ("head", "patch"), words={"sha256": "0" * 64}),
}
