import uuid

from tests.factories import field
from tests.routes import SIGNED_IN, Route

BOTH = ("get", "post")


def held(region):
    return {"pk": field.held(region.rooms[0]).pk}


def alert(region):
    return {"pk": field.held_alert(region.rooms[0]).pk}


def pages(space: str, permission: str, one) -> dict[str, Route]:
    """The pages of what is held, which restricted kinds have elsewhere."""
    return {
        f"{space}:held_list": Route(permission, fill=one),
        f"{space}:held_detail": Route(permission, BOTH, one),
        f"{space}:held_body": Route(permission, arguments=one),
        f"{space}:held_retry": Route(permission, ("post",), one),
    }


ROUTES = {
    **pages("fieldwork", "fieldwork.settle", held),
    **pages("observation:held_alerts", "observation.safeguarding", alert),
    "field_api:me": Route(SIGNED_IN),
    "field_api:agenda": Route(SIGNED_IN),
    "field_api:record": Route(
        SIGNED_IN, ("get", "put"), words={"kind": "observation.session", "pk": str(uuid.uuid4())}
    ),
    "field_api:blob": Route(SIGNED_IN, ("head", "patch"), words={"sha256": "0" * 64}),
}
