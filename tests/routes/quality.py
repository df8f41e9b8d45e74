"""Official rounds, double codings, drift."""

from observation.actions import draws, evaluations
from observation.enums import Purpose
from observation.models import InstrumentVersion, QualityRules
from tests.factories import double as pairing
from tests.factories import observation as make
from tests.routes import Route

BOTH = ("get", "post")


def version() -> InstrumentVersion:
    return InstrumentVersion.objects.first() or make.checklist()


def evaluation(region):
    return {"pk": pairing.evaluation(region.region, version()).pk}


def visit(region):
    made = pairing.evaluation(region.region, version())
    room, observer = region.rooms[0], pairing.observer(region.rooms[0])
    (given,) = evaluations.assign(
        evaluation=made, rooms=[room], observer=observer, planned_on=pairing.today(), by=observer
    )
    return {"pk": given.pk}


def pair(region):
    version()
    return {"pk": pairing.pair(region.rooms[0]).pk}


def completed(region):
    version()
    return {"pk": pairing.completed(region.rooms[0], values=(0, 3)).pk}


def drawn(region):
    visit(region)
    QualityRules.objects.get_or_create(pk=1, defaults={"share": 100})
    return {"pk": draws.draw(unit=region.region, month=pairing.today(), by=None).pk}


def observer(region):
    version()
    return {"pk": pairing.observer(region.rooms[0]).pk}


def left_out(region):
    version()
    QualityRules.objects.update_or_create(pk=1, defaults={"certified_from": "2020-01-01"})
    room = region.rooms[0]
    return {"pk": make.closed(room, pairing.observer(room), purpose=Purpose.OFFICIAL).pk}


ROUNDS, PAIR, QUALITY = "observation.rounds", "observation.pair", "observation.quality"
ROUTES = {
    "observation:round_list": Route(ROUNDS, fill=evaluation),
    "observation:round_open": Route(ROUNDS, BOTH),
    "observation:round_detail": Route(ROUNDS, BOTH, evaluation),
    "observation:round_change": Route(ROUNDS, BOTH, evaluation),
    "observation:visit_release": Route(ROUNDS, ("post",), visit),
    "observation:visit_own": Route("observation.record"),
    "observation:left_out_list": Route(QUALITY, fill=left_out),
    "observation:quality_rules_edit": Route("observation.quality_rules", BOTH),
    "observation:session_reinstate": Route("observation.reinstate", BOTH, left_out),
    "observation:pair_list": Route(QUALITY, fill=pair),
    "observation:pair_make": Route(PAIR, BOTH),
    "observation:pair_detail": Route(QUALITY, arguments=pair),
    "observation:pair_arrange": Route(PAIR, ("post",), pair),
    "observation:pair_cancel": Route(PAIR, ("post",), pair),
    "observation:pair_adjudicate": Route("observation.adjudicate", BOTH, completed),
    "observation:agreement": Route(QUALITY, fill=completed),
    "observation:draw_list": Route(ROUNDS, fill=drawn),
    "observation:draw_detail": Route(ROUNDS, arguments=drawn),
    "observation:draw_file": Route(ROUNDS, arguments=drawn),
    "observation:drift_list": Route(QUALITY, fill=observer),
    "observation:drift_detail": Route(QUALITY, arguments=observer),
}
