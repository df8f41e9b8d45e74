from tests.routes import BY_KEY, PUBLIC, Route

DOCUMENTS = ("get", "put", "post", "delete")
import uuid

from lrs.actions import destinations
from tests.routes import BY_KEY, Route

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
    "xapi_statements": Route(BY_KEY, ("get", "put", "post")),
    "xapi_state": Route(BY_KEY, DOCUMENTS),
    "xapi_activity_profile": Route(BY_KEY, DOCUMENTS),
    "xapi_activities": Route(BY_KEY),
    "xapi_agent_profile": Route(BY_KEY, DOCUMENTS),
    "xapi_agents": Route(BY_KEY),
    "xapi_about": Route(PUBLIC),
    "xapi_nowhere": Route(BY_KEY, words={"anywhere": "nowhere"}),
    "xapi_statements": Route(BY_KEY, ("get", "post")),
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
