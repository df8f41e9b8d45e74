"""Questions asked of runs in more than one place."""

import csv
import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.lookups import Exact
from django.utils.translation import get_language

from analytics.enums import Observers, RunKind, RunStatus
from analytics.models import EvaluationPlan, Gate, Run
from observation.enums import Purpose, SessionStatus
from observation.models import Instrument, InstrumentVersion, ObservationSession
from observation.queries import (
    CHECKLIST,
    closed,
    current,
    in_percent,
    of_the_programme,
    official_codings,
)
from organisations.jurisdiction import ScopedQuerySet
from organisations.models import Unit
from visits.queries import minimum_parents


def latest(kind: RunKind, unit: Unit) -> QuerySet[Run]:
    """Finished runs of ``kind`` for ``unit``, the newest first."""
    return Run.objects.filter(kind=kind, unit=unit, status=RunStatus.DONE)


def of_period(
    kind: RunKind, unit: Unit, starts_on: datetime.date, ends_on: datetime.date
) -> QuerySet[Run]:
    """Runs of ``kind`` for exactly this unit and period, whatever their status, newest first."""
    return Run.objects.filter(kind=kind, unit=unit, starts_on=starts_on, ends_on=ends_on)


FIRST_DAY = datetime.date(2000, 1, 1)
# From how many on a part of the report has something to say; fewer are said to be insufficient.
NEEDED = {"sessions": 200, "raters": 2, "double": 30, "again": 30}


def validity_sessions(
    version: InstrumentVersion,
    unit: Unit,
    starts_on: datetime.date,
    ends_on: datetime.date,
    observers: str = Observers.OFFICIAL,
) -> QuerySet[ObservationSession]:
    """Current sessions of ``version`` within ``unit``; an imported data set has no days.

    Official evaluations that count, second codings too, unless all ``observers`` are asked for.
    """
    sessions = current(ObservationSession.objects.filter(version=version).within(unit))
    if hasattr(version, "dataset"):
        return sessions
    if observers == Observers.OFFICIAL:
        sessions = official_codings(sessions)
    return of_the_programme(sessions).filter(observed_on__range=(starts_on, ends_on))


def offered(versions: QuerySet, datasets: QuerySet) -> QuerySet:
    """Versions of the programme's instruments, and of imported ones those of ``datasets``.

    The programme's checklist stands first.
    """
    first = Exact(F("instrument__code"), CHECKLIST).desc()
    found = versions.filter(Q(dataset=None) | Q(dataset__in=datasets))
    return found.order_by(first, "instrument__code", "-number")


def of_plan(plan: EvaluationPlan) -> ScopedQuerySet:
    """The runs of a plan, the newest first."""
    return Run.objects.filter(kind=RunKind.EVALUATION, options__plan=plan.pk)


def validity_options(version: InstrumentVersion, observers: str) -> dict[str, Any]:
    """The options of a validity run: which version, whose sessions, and the gates in force."""
    return {
        "version": version.pk,
        "observers": str(observers),
        "gates": gates(),
        "language": get_language(),
    }


def judged_instruments() -> QuerySet[Instrument]:
    """Those with official sessions and scores of 0 to 100, the programme's checklist first."""
    sessions = in_percent(of_the_programme(closed(ObservationSession.objects.all())))
    hers = sessions.filter(version__instrument=OuterRef("pk"), purpose=Purpose.OFFICIAL)
    first = Exact(F("code"), CHECKLIST).desc()
    return Instrument.objects.filter(Exists(hers.order_by())).order_by(first, "code")


def judged_by(run: Run) -> str:
    """The code of the instrument whose official scores ``run`` counts."""
    return run.options.get("instrument", CHECKLIST)


def instrument_name(code: str) -> dict[str, str]:
    """What an instrument is called, in every language; by its code where it is not there."""
    found = Instrument.objects.filter(code=code).first()
    return dict(found.name) if found else dict.fromkeys(dict(settings.LANGUAGES), code)


def board_options(instrument: str = CHECKLIST) -> dict[str, Any]:
    """The options of a board: whose scores it shows, and from how many parents on a count is shown.

    Kept with the run, so that it can be computed again when the rule has changed.
    """
    return {
        "instrument": instrument,
        "minimum_parents": minimum_parents(),
        "language": get_language(),
    }


def gates() -> list[dict[str, Any]]:
    """The gates in force, in order: those of the content, with the thresholds that were changed."""
    changed = {gate.code: gate for gate in Gate.objects.all()}
    return [
        {name: getattr(changed.get(gate["code"]), name, value) for name, value in gate.items()}
        for gate in _content_gates()
    ]


@cache
def _content_gates() -> list[dict[str, Any]]:
    with (settings.BASE_DIR / "content" / "gates.csv").open(encoding="utf-8", newline="") as file:
        return [
            {
                "code": row["code"],
                "topic": row["topic"],
                "title": {"es": row["title_es"], "en": row["title_en"]},
                "provisional": float(row["provisional"]),
                "good": float(row["good"]),
                "at_most": row["at_most"] == "yes",
                "minimum_n": int(row["minimum_n"]),
            }
            for row in csv.DictReader(file)
        ]


def readiness(*, unit: Unit, starts_on, ends_on, options: dict[str, Any]) -> list[dict[str, Any]]:
    """What there is for a validity report, before anything is computed: what, n, enough, needed."""
    version = InstrumentVersion.objects.select_related("dataset").get(pk=options["version"])
    sessions = validity_sessions(version, unit, starts_on, ends_on, options["observers"])
    imported = hasattr(version, "dataset")
    subject, rater = (["subject"], "rater") if imported else (["unit", "observed_on"], "observer")
    twice = sessions.values(*subject).annotate(raters=Count(rater, distinct=True))
    found = {
        "sessions": sessions.count(),
        "raters": sessions.order_by().values(rater).distinct().count(),
        "double": twice.filter(raters__gte=2).count(),
    }
    if not imported:
        again = sessions.values("unit").annotate(days=Count("observed_on", distinct=True))
        open_ones = ObservationSession.objects.filter(version=version, status=SessionStatus.DRAFT)
        period = open_ones.filter(observed_on__range=(starts_on, ends_on)).within(unit)
        found |= {"again": again.filter(days__gte=2).count(), "drafts": period.count()}
    return [
        {"what": what, "n": n, "needed": NEEDED.get(what), "enough": n >= NEEDED.get(what, 0)}
        for what, n in found.items()
    ]


def plan_run(plan: EvaluationPlan, today: datetime.date, observers: str) -> dict[str, Any]:
    """What ``runs.request`` needs to compute a frozen plan: where, when, and by which chance."""
    imported = hasattr(plan.version, "dataset")
    return {
        "unit": plan.version.dataset.unit if imported else plan.unit,
        "starts_on": FIRST_DAY,
        "ends_on": today,
        "seed": plan.content["plan"]["seed"],
        "options": {
            "plan": plan.pk,
            "version": plan.version_id,
            "observers": str(observers),
            "language": get_language(),
        },
    }
