"""What observation puts on the signed-in home page."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fieldwork.views.next_steps import held
from observation import queries
from observation.enums import CaseStatus
from observation.models import SafeguardingCase
from observation.views.seeing import address
from organisations import jurisdiction
from organisations.enums import UnitKind
from organisations.home import NextStep
from organisations.models import Unit, User
from organisations.queries import read_centres

MOST = 10


def cases(user: User) -> Iterator[NextStep]:
    """Safeguarding cases that wait for an officer, or are late: how many, and nothing of them."""
    visible = SafeguardingCase.objects.visible_to(user, "observation.safeguarding")
    waiting = visible.filter(status=CaseStatus.OPEN).count()
    late = queries.overdue(visible, timezone.now()).count()
    if waiting or late:
        yield NextStep(
            text=ngettext(
                "Take up %(count)s safeguarding case",
                "Take up %(count)s safeguarding cases",
                waiting,
            )
            % {"count": waiting}
            if waiting
            else _("Go on with the safeguarding cases"),
            url=reverse("observation:case_list"),
            action=_("See the cases"),
            detail=_("%(count)s past their time.") % {"count": late} if late else "",
        )


def held_alerts(user: User) -> Iterator[NextStep]:
    """Alerts from phones that could not be read: for officers alone."""
    return held(user, permission="observation.safeguarding", space="observation:held_alerts")


def officers(user: User) -> Iterator[NextStep]:
    """Regions without an officer of child protection, whether or not there is a case."""
    regions = Unit.objects.of_kind(UnitKind.REGION).visible_to(user, "organisations.import")
    bare = [
        region
        for region in queries.without_officer(regions)
        # Nobody gives posts at her own unit.
        if jurisdiction.governs(user, "organisations.import", region.path)
    ]
    if bare:
        yield NextStep(
            text=ngettext(
                "Give %(count)s region an officer of child protection",
                "Give %(count)s regions an officer of child protection",
                len(bare),
            )
            % {"count": len(bare)},
            url=reverse("import_kinds"),
            action=_("Import the post"),
            detail=_("Alerts there reach nobody until then: %(regions)s")
            % {"regions": ", ".join(str(unit) for unit in bare[:MOST])},
        )


def drafts(user: User) -> Iterator[NextStep]:
    """Sessions begun and not closed, the oldest first."""
    sessions = list(queries.drafts_of(user).select_related("unit", "caregiver")[:MOST])
    read_centres(session.unit for session in sessions)
    for session in sessions:
        yield NextStep(
            text=_("Finish the observation in %(room)s") % {"room": session.unit.place},
            url=reverse("observation:session_review", args=[session.pk]),
            action=_("Go on"),
            strand="observation",
            due=session.observed_on,
            detail=str(session.caregiver or ""),
        )


def results(user: User) -> Iterator[NextStep]:
    """The results of the place that is hers, or the list of them."""
    found = queries.uppermost(queries.places(user)).order_by("path")[:2]
    places = list(found)
    if not places:
        return
    read_centres(places)
    one = len(places) == 1
    yield NextStep(
        text=_("See how %(place)s does over time") % {"place": places[0].place}
        if one
        else _("See how your places do over time"),
        url=address(places[0]) if one else reverse("observation:place_list"),
        action=_("See the results"),
        strand="observation",
        detail=_("Scores by domain and item, with how far they can be trusted."),
    )
