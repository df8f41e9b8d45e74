from mentoring.enums import CycleStatus
from tests.factories import mentoring as make
from tests.routes import Route

VIEW, LEAD, PRACTISE = "mentoring.view", "mentoring.lead", "mentoring.practise"
BOTH = ("get", "post")
NOT_HERS = {"mentor": "only the mentor of the cycle goes on with it"}


def in_state(state):
    return lambda region: {"pk": make.cycle(make.pair(region), state).pk}


prepared, agreeing, practising = map(
    in_state, (CycleStatus.PREPARE, CycleStatus.AGREE, CycleStatus.PRACTISE)
)

ROUTES = {
    "mentoring:cycle_list": Route(VIEW, fill=prepared),
    "mentoring:today": Route(LEAD),
    "mentoring:own": Route(PRACTISE),
    "mentoring:defaults_edit": Route("mentoring.configure", BOTH),
    "mentoring:cycle_open": Route(LEAD, BOTH),
    "mentoring:cycle_detail": Route(VIEW, arguments=prepared),
    "mentoring:step_complete": Route(LEAD, BOTH, prepared, refused=NOT_HERS),
    "mentoring:goal_agree": Route(LEAD, BOTH, agreeing, refused=NOT_HERS),
    "mentoring:cycle_cancel": Route(LEAD, BOTH, prepared, refused=NOT_HERS),
    "mentoring:goal_accept": Route(PRACTISE, ("post",), practising),
    "mentoring:goal_practise": Route(PRACTISE, BOTH, practising),
}
