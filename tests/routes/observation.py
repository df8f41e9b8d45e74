from observation.actions import cases, sessions
from tests.factories import observation as make
from tests.factories import organisations
from tests.routes import Route

VIEW, RECORD = "observation.view", "observation.record"
NOT_HERS = {
    "mentor": "only the observer goes on with her own session",
    "zonal": "only the observer goes on with her own session",
}
BOTH = ("get", "post")


def closed(region):
    return {"pk": make.closed(region.rooms[0]).pk}


def draft(region):
    return {"pk": make.draft(region.rooms[0]).pk}


def cycle(region):
    return draft(region) | {"number": 1}


def version(region):
    made = make.checklist()
    return {"code": made.instrument.code, "number": made.number}


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


ROUTES = {
    "observation:session_list": Route(VIEW, fill=closed),
    "observation:session_begin": Route(RECORD, BOTH),
    "observation:session_detail": Route(VIEW, arguments=closed),
    "observation:session_pdf": Route(VIEW, arguments=closed),
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
    "observation_api:session_list": Route(VIEW, fill=closed),
    "observation_api:session_detail": Route(VIEW, arguments=closed),
}
