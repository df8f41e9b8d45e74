"""What official rounds, double coding and drift put on the signed-in home page."""

import datetime
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from observation import queries
from observation.models import CodingPair
from observation.queries import double
from observation.queries import drift as drifts
from observation.queries import rounds as round_queries
from organisations import jurisdiction
from organisations.home import NextStep
from organisations.models import User
from organisations.queries import read_centres

MOST = 10
SOON = datetime.timedelta(days=14)
RECENT = datetime.timedelta(days=60)


def own_visits(user: User) -> Iterator[NextStep]:
    """Official visits and double codings that she is to make in the next days."""
    soon = {"planned_on__lte": timezone.localdate() + SOON}
    open_visits = list(round_queries.still_to_make(user).filter(**soon)[:MOST])
    mine = list(double.seats(user).filter(**soon)[:MOST])
    read_centres([*(visit.room for visit in open_visits), *(pair.room for pair in mine)])
    for visit in open_visits:
        yield NextStep(
            text=_("Evaluate %(room)s officially") % {"room": visit.room.place},
            url=reverse("observation:visit_own"),
            action=_("See the visits"),
            strand="observation",
            due=visit.planned_on,
        )
    for pair in mine:
        yield NextStep(
            text=_("Double-code %(room)s") % {"room": pair.room.place},
            url=reverse("observation:pair_detail", args=[pair.pk]),
            action=_("See the double coding"),
            strand="observation",
            due=pair.planned_on,
        )


def without_second(user: User) -> Iterator[NextStep]:
    """Drawn visits that still need somebody to go along."""
    pairs = double.under_way(CodingPair.objects.visible_to(user, "observation.pair"))
    count = pairs.filter(second=None).count()
    if count:
        yield NextStep(
            text=ngettext(
                "Say who goes along to %(count)s double coding",
                "Say who goes along to %(count)s double codings",
                count,
            )
            % {"count": count},
            url=f"{reverse('observation:pair_list')}?state=open",
            action=_("See the double codings"),
            strand="observation",
        )


def to_settle(user: User) -> Iterator[NextStep]:
    """Double codings of the last weeks whose differences nobody has settled."""
    hers = CodingPair.objects.visible_to(user, "observation.adjudicate")
    recent = hers.exclude(first=user).exclude(second=user)
    recent = recent.filter(completed_at__gte=timezone.now() - RECENT)
    count = double.unsettled(recent, queries.rules().adjudicate_from).count()
    if count:
        yield NextStep(
            text=ngettext(
                "Settle the differences of %(count)s double coding",
                "Settle the differences of %(count)s double codings",
                count,
            )
            % {"count": count},
            url=f"{reverse('observation:pair_list')}?state=differ",
            action=_("See the double codings"),
            strand="observation",
        )


def drift(user: User) -> Iterator[NextStep]:
    """That she drifts herself; of those below her, how many drift."""
    version = queries.checklist_versions().first()
    if version is None:
        return
    leads = "observation.pair" in jurisdiction.permissions(user)
    hers = drifts.observers_of(user).values_list("pk", flat=True) if leads else []
    found = drifts.judged([user.pk, *hers], version, queries.rules())
    alarming = {pk for pk, one in found.items() if one.alarming}
    if user.pk in alarming:
        yield NextStep(
            text=_("Your codes have moved away from those of your partners"),
            url=reverse("observation:drift_detail", args=[user.pk]),
            action=_("See how"),
            strand="observation",
        )
    if count := len(alarming - {user.pk}):
        yield NextStep(
            text=ngettext(
                "Talk with %(count)s observer who drifts or agrees too little",
                "Talk with %(count)s observers who drift or agree too little",
                count,
            )
            % {"count": count},
            url=reverse("observation:drift_list"),
            action=_("See who"),
            strand="observation",
        )
