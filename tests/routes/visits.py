import datetime

from tests.factories import mentoring as make
from tests.routes import Route
from visits.models import Visit


def visit(region):
    code = f"visita-{region.centre.code}"
    day = datetime.date(2026, 3, 12)
    made = Visit.objects.create(
        centre=region.centre, version=make.checklist(), code=code, visited_on=day
    )
    return {"pk": made.pk}


ROUTES = {
    "visits:visit_list": Route("visits.view", fill=visit),
    "visits:visit_detail": Route("visits.view", arguments=visit),
}
