"""Whether the newest validity report lets centres be compared: told to observation's pages."""

from django.db.models.fields.json import KeyTransform
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from analytics.enums import Observers, RunKind, RunStage, RunStatus
from analytics.models import Run
from analytics.reports.gates import State, meaning
from observation.bands import Verdict
from observation.models import InstrumentVersion
from organisations.models import Unit

TOPIC = "ranking"  # of the gate of Phi in content/gates.csv
# Of a report of some hundred pages only these are read.
GATES = KeyTransform("gates", KeyTransform(str(RunStage.GENERALIZABILITY), "result"))


def by_validity(region: Unit, version: InstrumentVersion) -> Verdict:
    """By the newest report on official sessions of the region, or of the nearest place above."""
    paths = [region.path[: step * Unit.steplen] for step in range(1, region.depth + 1)]
    runs = Run.objects.filter(
        kind=RunKind.VALIDITY,
        status=RunStatus.DONE,
        unit__path__in=paths,
        options__version=version.pk,
        options__observers=Observers.OFFICIAL,
    ).order_by("-unit__depth", "-finished_at")
    newest = runs.values("finished_at", "unit__name", gates=GATES).first()
    found = (newest["gates"] or []) if newest else []
    gates = [gate for gate in found if gate["topic"] == TOPIC]
    if newest is None or not gates:
        return Verdict(
            False, _("no validity report says yet whether this score tells centres apart.")
        )
    told = {
        "meaning": meaning(gates[0]),
        "place": newest["unit__name"],
        "day": date_format(localtime(newest["finished_at"]), "SHORT_DATE_FORMAT"),
    }
    return Verdict(
        gates[0]["state"] == State.GOOD,
        _("%(meaning)s (Validity report of %(place)s, %(day)s.)") % told,
    )
