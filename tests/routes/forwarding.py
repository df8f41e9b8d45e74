import uuid

from lrs.actions import destinations
from tests.routes import Route

MANAGE = "lrs.manage"


def a_destination(_place) -> dict:
    made = destinations.add(
        name=f"store {uuid.uuid4()}",
        endpoint="https://lrs.example/xapi/",
        version="1.0.3",
        key="key",
        secret="secret",
        by=None,
    )
    return {"pk": made.pk}


def a_letter(place) -> dict:
    return a_destination(place) | {"delivery": 1}


WITH_ONE = {"arguments": a_destination, "shared": True}  # one store for all

ROUTES = {
    "destination_list": Route(MANAGE),
    "destination_add": Route(MANAGE, ("get", "post")),
    "destination_detail": Route(MANAGE, **WITH_ONE),
    "destination_edit": Route(MANAGE, ("get", "post"), **WITH_ONE),
    "destination_pause": Route(MANAGE, ("post",), **WITH_ONE),
    "destination_resume": Route(MANAGE, ("post",), **WITH_ONE),
    "destination_remove": Route(MANAGE, ("get", "post"), **WITH_ONE),
    "deliveries_send_again": Route(MANAGE, ("post",), **WITH_ONE),
    "delivery_send_again": Route(MANAGE, ("post",), arguments=a_letter, shared=True),
}
