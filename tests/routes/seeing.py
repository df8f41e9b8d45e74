"""Routes of observation's pages of places, of its exports and of the rest of its API."""

import datetime

from django.utils import timezone

from observation.models import Export
from observation.queries import DEIDENTIFIED
from observation.queries import PERMISSION as VIEW
from tests.factories import observation as make
from tests.factories import organisations
from tests.routes import Route
from tests.routes.observation import closed, version

BOTH = ("get", "post")
OWN = "an export is for the person who asked for it alone"
ONLY_HERS = dict.fromkeys(("national", "regional", "zonal", "director", "mentor", "caregiver"), OWN)
# What lies above one's own post is not one's to see.
ABOVE = "the place lies above her post"
ABOVE_CENTRE = {"caregiver": ABOVE}
ABOVE_REGION = dict.fromkeys(("zonal", "director", "mentor", "caregiver"), ABOVE)


def of(place: str):
    """The code of a place in which somebody observed."""

    def arguments(region) -> dict:
        make.closed(region.rooms[0])
        unit = region.rooms[0] if place == "room" else getattr(region, place)
        return {"code": unit.code}

    return arguments


def export(region) -> dict:
    session = make.closed(region.rooms[0])
    today = timezone.localdate()
    made = Export.objects.create(
        user=organisations.person("regional", region.region),
        unit=region.region,
        version=session.version,
        starts_on=today,
        ends_on=today,
        level="scores",
        form="csv",
        language="es",
        sessions=1,
        expires_at=timezone.now() + datetime.timedelta(days=1),
    )
    return {"pk": made.pk}


ROUTES = {
    "observation:place_list": Route(VIEW, fill=closed),
    "observation:room_detail": Route(VIEW, arguments=of("room")),
    "observation:centre_detail": Route(VIEW, arguments=of("centre"), refused=ABOVE_CENTRE),
    "observation:region_detail": Route(VIEW, arguments=of("region"), refused=ABOVE_REGION),
    "observation:group_detail": Route(VIEW, arguments=of("region"), refused=ABOVE_REGION),
    "observation:showing_edit": Route("observation.configure", BOTH),
    "observation:export_list": Route(VIEW, BOTH),
    "observation:export_deidentified": Route(DEIDENTIFIED, BOTH),
    "observation:export_detail": Route(VIEW, arguments=export, refused=ONLY_HERS),
    "observation:export_file": Route(VIEW, arguments=export, refused=ONLY_HERS),
    "observation_api:rating_list": Route(VIEW, fill=closed),
    "observation_api:score_list": Route(VIEW, fill=closed),
    "observation_api:instrument_list": Route("observation.instruments"),
    "observation_api:instrument_detail": Route(
        "observation.instruments", arguments=version, shared=True
    ),
}
