import datetime

from analytics.actions import runs
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


ROUTES = {
    "analytics:braid": Route("analytics.braid", BOTH, fill=braid),
    "analytics:board": Route("analytics.braid", BOTH, fill=board),
    "analytics:run_detail": Route("analytics.braid", arguments=braid),
    "analytics:run_cancel": Route("analytics.run", ("post",), arguments=braid),
    "analytics:run_resume": Route("analytics.run", ("post",), arguments=braid),
    "analytics:run_table": Route("analytics.braid", arguments=braid),
    "analytics:gates": Route("analytics.configure", BOTH),
    "analytics:validity_compare": Route("analytics.run"),
    "analytics:validity": Route("analytics.run", BOTH),
}
