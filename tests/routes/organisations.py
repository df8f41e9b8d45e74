from core import audit
from organisations.models import ImportFile
from organisations.roles import ROLES
from tests.factories import organisations as make
from tests.routes import BY_KEY, PUBLIC, SIGNED_IN, Route


def a_unit(place) -> dict:
    return {"code": place.centre.code}


def a_file(place) -> dict:
    file = ImportFile.objects.create(
        user=make.person("regional", place.region), kind="units", content=b"kind\n"
    )
    return {"kind": "units", "pk": file.pk}


def a_record(place) -> None:
    audit.record("units.change", place.centre, by=None, detail={"code": place.region.code})


THE_SENDER_ONLY = dict.fromkeys(ROLES, "only the person who sent a file sees it")

ROUTES = {
    "front": Route(PUBLIC),
    "home": Route(SIGNED_IN),
    "first_day_list": Route(PUBLIC),
    "first_day": Route(PUBLIC, words={"reader": "mentor"}),
    "token_list": Route(SIGNED_IN, methods=("get", "post")),
    "token_revoke": Route(SIGNED_IN, methods=("post",), words={"pk": "1"}),
    "api_index": Route(PUBLIC),
    "api_schema": Route(PUBLIC),
    "api_nowhere": Route(BY_KEY, words={"anywhere": "nowhere"}),
    "profile": Route(SIGNED_IN, methods=("get", "post")),
    "own_data": Route(SIGNED_IN),
    "unit_list": Route("organisations.view", fill=lambda place: place),
    "unit_detail": Route("organisations.view", arguments=a_unit),
    "unit_labels": Route("organisations.label", methods=("get", "post"), arguments=a_unit),
    "audit_list": Route("organisations.audit", fill=a_record),
    "import_kinds": Route("organisations.import"),
    "import_upload": Route(
        "organisations.import", methods=("get", "post"), words={"kind": "units"}
    ),
    "import_template": Route("organisations.import", words={"kind": "units", "form": "csv"}),
    "import_confirm": Route(
        "organisations.import",
        methods=("get", "post"),
        arguments=a_file,
        refused=THE_SENDER_ONLY,
    ),
}
