"""Instruments and their versions, as those who write and those who read them need them."""

from django.db.models import Count, Q, QuerySet

from observation.enums import InstrumentKind, SessionStatus, VersionStatus
from observation.models import Instrument, InstrumentVersion


def instruments() -> QuerySet[Instrument]:
    """With their versions, the newest first. Imported tables are read elsewhere."""
    rows = Instrument.objects.exclude(kind=InstrumentKind.IMPORTED).order_by("code")
    return rows.prefetch_related("versions")


def versions_of(code: str) -> QuerySet[InstrumentVersion]:
    """Versions of one instrument, the newest first, imported tables left out."""
    readable = InstrumentVersion.objects.exclude(instrument__kind=InstrumentKind.IMPORTED)
    chosen = readable.filter(instrument__code=code)
    return chosen.select_related("instrument").order_by("-number")


def checklists() -> QuerySet[Instrument]:
    """What is written here; parents' guides have a file of their own."""
    return Instrument.objects.filter(kind=InstrumentKind.CHECKLIST)


def last_published(version: InstrumentVersion) -> InstrumentVersion | None:
    """The newest version before ``version`` that was ever published."""
    earlier = versions_of(version.instrument.code).filter(number__lt=version.number)
    return earlier.exclude(status=VersionStatus.DRAFT).first()


def with_sessions(versions: QuerySet[InstrumentVersion]) -> QuerySet[InstrumentVersion]:
    """With ``under_way`` and ``closed``: how many sessions were begun and closed with each."""
    return versions.annotate(
        under_way=Count("sessions", filter=Q(sessions__status=SessionStatus.DRAFT)),
        closed=Count("sessions", filter=Q(sessions__status=SessionStatus.CLOSED)),
    )
