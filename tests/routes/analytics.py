import datetime

from analytics.actions import plans, runs
from tests.factories import trials
from tests.routes import Route

PERIOD = {"starts_on": datetime.date(2026, 1, 1), "ends_on": datetime.date(2026, 6, 30)}
BOTH = ("get", "post")


def braid(region):
    run = runs.request(kind="braid", unit=region.centre, background=False, **PERIOD)
    return {"pk": runs.compute(run=run).pk}


def board(region):
    options = {"minimum_parents": 10}
    fields = {"unit": region.region, "options": options, "background": False}
    runs.compute(run=runs.request(kind="board", **fields, **PERIOD))


def _draft(region):
    version = trials.imported(region.region, trials.rows(centres=2, rooms=1))
    return trials.written(version, region.region)


def draft(region):
    return {"pk": _draft(region).pk}


def frozen(region):
    return {"pk": plans.freeze(plan=_draft(region), by=None).pk}


def report(region):
    return {"pk": trials.computed(_draft(region)).pk, "form": "json"}


def validity(region):
    return runs.request(kind="validity", unit=region.region, background=False, **PERIOD)


RUN = "analytics.run"
ROUTES = {
    "analytics:braid": Route("analytics.braid", BOTH, fill=braid),
    "analytics:board": Route("analytics.braid", BOTH, fill=board),
    "analytics:run_detail": Route("analytics.braid", arguments=braid),
    "analytics:run_cancel": Route(RUN, ("post",), arguments=braid),
    "analytics:run_resume": Route(RUN, ("post",), arguments=braid),
    "analytics:run_table": Route(
        "analytics.braid",
        arguments=braid,
        refused={"evaluator": "the score of a room where one caregiver works is hers"},
    ),
    "analytics:run_file": Route(RUN, arguments=report),
    "analytics:gates": Route("analytics.configure", BOTH),
    "analytics:validity": Route(RUN, BOTH, fill=validity),
    "analytics:validity_compare": Route(RUN),
    "analytics:plan_list": Route(RUN, fill=draft),
    "analytics:plan_write": Route(RUN, BOTH),
    "analytics:plan_detail": Route(RUN, arguments=draft),
    "analytics:plan_freeze": Route(RUN, ("post",), arguments=draft),
    "analytics:plan_compute": Route(RUN, ("post",), arguments=frozen),
}
