from observation.actions import cases, drafts, instrument_files, instruments, sessions
from observation.serializers import instrument_json
from tests.factories import field, organisations
from tests.factories import observation as make
from tests.routes import PUBLIC, Route

VIEW, RECORD, AUTHOR = "observation.view", "observation.record", "observation.author"
NOT_HERS = {
    "mentor": "only the observer goes on with her own session",
    "zonal": "only the observer goes on with her own session",
}
NOT_SENT = {"national": "only the person who sent a file confirms it"}
BOTH = ("get", "post")


def closed(region):
    return {"pk": make.closed(region.rooms[0]).pk}


def draft(region):
    return {"pk": make.draft(region.rooms[0]).pk}


def pictured(region):
    """A session with a picture that has come."""
    person = organisations.person("mentor", region.centre)
    phone, content = field.Phone(person), field.picture()
    version = make.checklist()
    session = field.session(region.rooms[0], version=version, pictures=[field.pictured(content)])
    record = field.envelope(person, session)
    assert phone.put(record).json()["state"] == "accepted"
    assert phone.upload(content).status_code == 200
    return {"pk": record["id"], "number": 1}


def cycle(region):
    return draft(region) | {"number": 1}


def version(region):
    made = make.checklist()
    return {"code": made.instrument.code, "number": made.number}


def paper_form(region):
    return version(region) | {"form": "papel-carta.pdf"}


def two_versions(region):
    made = make.checklist()
    newer = drafts.begin_version(instrument=made.instrument, source=made, by=None)
    instruments.publish(version=newer)
    return {"code": made.instrument.code, "number": made.number, "other": newer.number}


def instrument(region):
    return {"code": make.checklist().instrument.code}


def written(region):
    made = make.checklist()
    newer = drafts.begin_version(instrument=made.instrument, source=made, by=None)
    return {"code": made.instrument.code, "number": newer.number}


def written_item(region):
    return written(region) | {"part": "CAL1"}


def as_file(region):
    return two_versions(region) | {"form": "csv"}


def new_domain(region):
    return written(region) | {"kind": "dominios"}


def an_item(region):
    return written_item(region) | {"kind": "items"}


def alert(region):
    session = make.draft(region.rooms[0])
    marked = {"number": 1, "alerts": {"ALE1": "Described"}}
    return sessions.save_draft(session=session, cycles=[marked], by=session.observer)


def case(region):
    return {"pk": make.case(region.rooms[0]).pk}


def handed_over(region):
    case = make.case(region.rooms[0])
    by = organisations.person("protection", region.region)
    cases.take(case=case, by=by)
    cases.hand_over(case=case, to_whom="The office", text="What was told", by=by)
    return {"pk": case.pk, "entry": case.entries.get(kind="handed_over").pk}


def sent(region):
    document = instrument_json.document(make.checklist())
    file = instrument_files.hold(
        name="checklist.json",
        content=b"{}",
        form="json",
        document=document,
        left_out=[],
        by=organisations.user(),
    )
    return {"pk": file.pk}


def file_of(name):
    return lambda region: version(region) | {"form": name}


ROUTES = {
    "observation:instrument_schema": Route(PUBLIC),
    "observation:instrument_upload": Route(AUTHOR, BOTH),
    "observation:instrument_confirm": Route(AUTHOR, BOTH, sent, refused=NOT_SENT),
    "observation:version_files": Route("observation.instruments", arguments=version, shared=True),
    "observation:version_download": Route(
        "observation.instruments", arguments=file_of("xlsform.xlsx"), shared=True
    ),
    "observation:paper_forms": Route(RECORD),
    "observation:paper_entry": Route(RECORD, BOTH, version, shared=True),
    "observation:paper_print": Route(RECORD, arguments=paper_form, shared=True),
    "observation:session_list": Route(VIEW, fill=closed),
    "observation:session_begin": Route(RECORD, BOTH),
    "observation:session_detail": Route(VIEW, arguments=closed),
    "observation:session_pdf": Route(VIEW, arguments=closed),
    "observation:session_picture": Route(VIEW, arguments=pictured),
    "observation:session_record": Route(RECORD, BOTH, cycle, refused=NOT_HERS),
    "observation:session_review": Route(RECORD, BOTH, draft, refused=NOT_HERS),
    "observation:session_correct": Route(RECORD, BOTH, closed, refused=NOT_HERS),
    "observation:session_discard": Route(RECORD, ("post",), draft, refused=NOT_HERS),
    "observation:case_list": Route("observation.safeguarding", fill=alert),
    "observation:case_detail": Route("observation.safeguarding", BOTH, case),
    "observation:case_note": Route("observation.safeguarding", arguments=handed_over),
    "observation:safeguarding_limits": Route("observation.safeguarding_limits", BOTH),
    "observation:instrument_list": Route("observation.instruments"),
    "observation:instrument_detail": Route(
        "observation.instruments", arguments=version, shared=True
    ),
    "observation:version_changes": Route(
        "observation.instruments", arguments=two_versions, shared=True
    ),
    "observation:version_changes_file": Route(
        "observation.instruments", arguments=as_file, shared=True
    ),
    "observation:instrument_start": Route(AUTHOR, BOTH),
    "observation:version_start": Route(AUTHOR, BOTH, instrument, shared=True),
    "observation:draft_edit": Route(AUTHOR, arguments=written, shared=True),
    "observation:draft_rules": Route(AUTHOR, BOTH, written, shared=True),
    "observation:draft_add": Route(AUTHOR, BOTH, new_domain, shared=True),
    "observation:draft_part": Route(AUTHOR, BOTH, an_item, shared=True),
    "observation:draft_anchors": Route(AUTHOR, BOTH, written_item, shared=True),
    "observation:draft_move": Route(AUTHOR, ("post",), an_item, shared=True),
    "observation:draft_remove": Route(AUTHOR, BOTH, an_item, shared=True),
    "observation:draft_discard": Route(AUTHOR, BOTH, written, shared=True),
    "observation:version_preview": Route(AUTHOR, arguments=version, shared=True),
    "observation:version_publish": Route(AUTHOR, BOTH, written, shared=True),
    "observation:version_retire": Route(AUTHOR, BOTH, version, shared=True),
    "observation_api:session_list": Route(VIEW, fill=closed),
    "observation_api:session_detail": Route(VIEW, arguments=closed),
}
