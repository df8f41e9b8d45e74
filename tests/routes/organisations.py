import uuid

from tests.routes import PUBLIC, SIGNED_IN, Route

BOTH = ("get", "post")
WHO_UPLOADED_IT = dict.fromkeys(("national", "regional"), "a file belongs to who uploaded it")


def centre(region):
    return {"code": region.centre.code}


def units(region):
    return {"kind": "units"}


ROUTES = {
    "front": Route(PUBLIC),
    "home": Route(SIGNED_IN),
    "profile": Route(SIGNED_IN, BOTH),
    "own_data": Route(SIGNED_IN, BOTH),
    "unit_list": Route("organisations.view", fill=centre),
    "unit_detail": Route("organisations.view", arguments=centre),
    "unit_labels": Route("organisations.label", BOTH, centre),
    "audit_list": Route("organisations.audit"),
    "import_kinds": Route("organisations.import"),
    "import_upload": Route("organisations.import", BOTH, units, shared=True),
    "import_template": Route(
        "organisations.import",
        arguments=lambda region: {"kind": "units", "form": "csv"},
        shared=True,
    ),
    "import_confirm": Route(
        "organisations.import",
        BOTH,
        lambda region: {"kind": "units", "pk": uuid.uuid4()},
        refused=WHO_UPLOADED_IT,
    ),
}
