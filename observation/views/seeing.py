"""Rooms, groups of caregivers, centres and regions: their scores over time."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from observation import queries
from observation.forms.seeing import ReadingForm
from observation.models import ObservationSession
from organisations import jurisdiction
from organisations.adapters import ScopedMixin, SignedInRequest
from organisations.enums import UnitKind
from organisations.jurisdiction import ScopedQuerySet
from organisations.models import Unit
from organisations.queries import read_centres

CONFIGURE = "observation.configure"
PLAN = "observation.rounds"
REINSTATE = "observation.reinstate"
PER_PAGE = 25
NEWEST = 10
ROUTES = {
    UnitKind.ROOM: "observation:room_detail",
    UnitKind.CENTRE: "observation:centre_detail",
    UnitKind.REGION: "observation:region_detail",
}
BELOW = {UnitKind.REGION: UnitKind.CENTRE, UnitKind.CENTRE: UnitKind.ROOM}


def address(unit: Unit) -> str:
    """Where the results of a room, centre or region stand."""
    return reverse(ROUTES[UnitKind(unit.kind)], args=[unit.code])


class PlaceList(ScopedMixin, View):
    """The uppermost places of the reader, to begin with; apart those that nobody observed."""

    permission = queries.PERMISSION

    def get(self, request: SignedInRequest) -> HttpResponse:
        tops = queries.uppermost(queries.places(request.user))
        kind = tops.values_list("kind", flat=True).first()
        read = queries.readable_by(self.scoped(ObservationSession.objects.all()), request.user)
        seen = queries.seen(queries.countable(read), UnitKind(kind)) if kind else {}
        page = _page(tops.filter(path__in=seen), request)
        quiet = list(_by_name(tops.exclude(path__in=seen)))
        read_centres([*page.object_list, *quiet])
        context = {
            "page": page,
            "rows": [(unit, address(unit), seen[unit.path]) for unit in page.object_list],
            "quiet": [(unit, address(unit)) for unit in quiet],
            "may_plan": PLAN in jurisdiction.permissions(request.user),
        }
        return render(request, "observation/place_list.html", context)


class PlaceView(ScopedMixin, View):
    """A place: which scores and which period, then what they say."""

    permission = queries.PERMISSION
    template_name = "observation/place_detail.html"
    shows: str

    def get(self, request: SignedInRequest, code: str) -> HttpResponse:
        unit = get_object_or_404(self.units(), code=code)
        scoped = self.scoped(ObservationSession.objects.within(unit))
        read = queries.readable_by(scoped, request.user)
        sessions = self.chosen(queries.countable(read))
        query = request.GET.copy()
        query.pop("page", None)
        context = {"unit": unit, "crumbs": self.crumbs(unit), "query": query.urlencode()}
        context |= self.beside(unit, sessions)
        readings = queries.readings(sessions)
        if not readings:
            return render(request, self.template_name, context)
        form = context["form"] = ReadingForm(request.GET, readings=readings)
        if not form.is_valid():
            return render(request, self.template_name, context, status=400)
        from observation.views import results  # noqa: PLC0415 — pandas takes half a second to import

        reading, days = form.chosen()
        of_it = queries.of_reading(sessions, reading, days)
        everything = queries.all_of_reading(sessions, reading, days)
        region = queries.above(unit, UnitKind.REGION)
        place = results.Place(unit, region, of_it, reading, days)
        context |= {
            "reading": reading,
            "left_out": everything.count() - of_it.count(),
            "may_bring_back": REINSTATE in jurisdiction.permissions(request.user),
            **results.OF[self.shows](place),
        }
        return render(request, self.template_name, context)

    def units(self) -> ScopedQuerySet:
        return queries.places(self.person).filter(kind=self.shows)

    def chosen(self, sessions: ScopedQuerySet) -> ScopedQuerySet:
        """Which of the place's sessions it is about: all of them."""
        return sessions

    def crumbs(self, unit: Unit) -> list[tuple[str, str]]:
        """From the list down to here; what lies above the reader's own is left out."""
        steps = range(UnitKind.REGION.depth, unit.depth)
        paths = [unit.path[: step * Unit.steplen] for step in steps]
        way = queries.places(self.person).filter(path__in=paths)
        top = (_("Results by place"), reverse("observation:place_list"))
        return [top, *((one.name, address(one)) for one in way), (unit.name, "")]

    def beside(self, unit: Unit, sessions: ScopedQuerySet) -> dict[str, Any]:
        """Where to go on: the places below, or a room's newest sessions."""
        below = BELOW.get(UnitKind(unit.kind))
        if below is None:
            newest = sessions.select_related("version__instrument", "observer", "caregiver")
            return {"newest": queries.with_scores(newest)[:NEWEST]}
        found = self.scoped(Unit.objects.within(unit)).filter(kind=below)
        page = _page(found, self.request)
        seen = queries.seen(sessions, below)
        return {
            "page": page,
            "below": below,
            "children": [(one, address(one), seen.get(one.path)) for one in page.object_list],
            "group": reverse("observation:group_detail", args=[unit.code]),
        }


class RoomView(PlaceView):
    """A room over time; a caregiver finds in it the sessions that are about her."""

    shows = UnitKind.ROOM


class CentreView(PlaceView):
    """A centre over time, and item by item in each of its rooms."""

    shows = UnitKind.CENTRE


class RegionView(PlaceView):
    """A region over time; none of its centres is set above another."""

    shows = UnitKind.REGION


class GroupView(PlaceView):
    """The caregivers of a place together; a group too small for it is not shown."""

    template_name = "observation/group_detail.html"
    shows = "group"

    def units(self) -> ScopedQuerySet:
        return self.scoped(Unit.objects.filter(kind__in=ROUTES))

    def chosen(self, sessions: ScopedQuerySet) -> ScopedQuerySet:
        return sessions.exclude(caregiver=None)

    def beside(self, unit: Unit, sessions: ScopedQuerySet) -> dict[str, Any]:
        return {
            "least": queries.showing_rule().minimum_caregivers,
            "place": address(unit),
            "may_change": CONFIGURE in jurisdiction.permissions(self.person),
        }


def _by_name(units: ScopedQuerySet) -> ScopedQuerySet:
    """Places have no other order."""
    return units.order_by("name", "code")


def _page(units: ScopedQuerySet, request):
    return Paginator(_by_name(units), PER_PAGE).get_page(request.GET.get("page"))
