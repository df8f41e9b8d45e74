import uuid

from lrs.actions import erasures, statements
from lrs.models import Erasure
from tests.factories import learning as make
from tests.routes import BY_KEY, PUBLIC, Route

MANAGE = "lrs.manage"
BOTH = ("get", "post")
DOCUMENTS = ("get", "put", "post", "delete")


def a_statement(place) -> dict:
    (identity,) = statements.store([make.statement()])
    return {"pk": identity}


def an_attachment(place) -> dict:
    body, files = make.with_file(make.statement(), b"a drawing", "https://example.org/drawing")
    (identity,) = statements.store([body], files=files)
    return {"pk": identity, "sha2": next(iter(files))}


def a_client(place) -> dict:
    client, _secret = make.credential()
    return {"pk": client.pk}


def an_erasure(place) -> dict:
    erasures.begin(agents=[{"mbox": f"mailto:{uuid.uuid4()}@example.org"}], reason="Asked for.")
    return {"pk": Erasure.objects.latest("pk").pk}


# The store lies in no unit: whoever looks after it sees the whole of it.
ROUTES = {
    "xapi_statements": Route(BY_KEY, ("get", "put", "post")),
    "xapi_state": Route(BY_KEY, DOCUMENTS),
    "xapi_activity_profile": Route(BY_KEY, DOCUMENTS),
    "xapi_activities": Route(BY_KEY),
    "xapi_agent_profile": Route(BY_KEY, DOCUMENTS),
    "xapi_agents": Route(BY_KEY),
    "xapi_about": Route(PUBLIC),
    "xapi_nowhere": Route(BY_KEY, words={"anywhere": "nowhere"}),
    "record_list": Route(MANAGE),
    "record_detail": Route(MANAGE, arguments=a_statement, shared=True),
    "record_raw": Route(MANAGE, arguments=a_statement, shared=True),
    "record_file": Route(MANAGE, arguments=an_attachment, shared=True),
    "health_detail": Route(MANAGE),
    "client_list": Route(MANAGE, BOTH),
    "client_detail": Route(MANAGE, BOTH, a_client, shared=True),
    "client_revoke": Route(MANAGE, BOTH, a_client, shared=True),
    "erasure_list": Route(MANAGE),
    "erasure_begin": Route(MANAGE, BOTH),
    "erasure_go_on": Route(MANAGE, ("post",), an_erasure, shared=True),
    "retention_edit": Route(MANAGE, BOTH),
}
