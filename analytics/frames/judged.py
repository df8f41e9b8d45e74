"""Official sessions whose overall scores can stand in one figure: of one instrument.

Slow to import: tasks and commands only.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Count

from observation.actions import instruments
from observation.comparison import Content, difference
from observation.enums import Comparable
from observation.models import InstrumentVersion, ObservationSession
from observation.queries import in_percent, official
from organisations.jurisdiction import ScopedQuerySet
from organisations.models import Unit


@dataclass(frozen=True)
class Judged:
    """Sessions that count, how many, of which versions; how many other official ones do not."""

    sessions: ScopedQuerySet
    count: int
    told: str  # numbers of versions: "1, 2"
    others: int


def judged(unit: Unit, starts_on: datetime.date, ends_on: datetime.date, instrument: str) -> Judged:
    """Of ``instrument`` (code) the version with most official sessions, the newest of equals, and
    those whose overall scores, 0 to 100, compare with its own."""
    period = (starts_on, ends_on)
    every = official(ObservationSession.objects.within(unit).filter(observed_on__range=period))
    counts = dict(every.order_by().values_list("version").annotate(n=Count("pk")))
    hers = in_percent(every.filter(version__instrument__code=instrument)).order_by()
    found = InstrumentVersion.objects.filter(pk__in=hers.values("version")).order_by("-number")
    versions = sorted(found, key=lambda version: -counts[version.pk])
    said = instruments.contents_of(versions)
    alike = [one for one in versions if _compare(said[versions[0].pk], said[one.pk])]
    count = sum(counts[version.pk] for version in alike)
    return Judged(
        every.filter(version__in=alike),
        count,
        ", ".join(str(version.number) for version in reversed(found) if version in alike),
        sum(counts.values()) - count,
    )


def _compare(one: Content, other: Content) -> bool:
    scores = difference(one, other).scores
    return any(score.domain is None and score.verdict != Comparable.NO for score in scores)
