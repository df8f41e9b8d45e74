"""Who was certified when, and what a test of an observer is made of."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from observation.enums import ClipStatus, ClipUse, ItemKind, VersionStatus
from observation.models import (
    Certificate,
    CertificationGate,
    ClipCoding,
    CodingRound,
    Instrument,
    InstrumentVersion,
    MasterCode,
    ObservationSession,
    TrainingClip,
)
from organisations.models import Post, User
from organisations.roles import holders


def in_force(certificates: QuerySet[Certificate], on: Any) -> QuerySet[Certificate]:
    """Those of ``certificates`` that count on the day ``on`` (or OuterRef): both ends do."""
    stands = Q(revocation=None) | Q(revocation__since__gt=on)
    return certificates.filter(stands, issued_on__lte=on, valid_until__gte=on)


def for_version(
    certificates: QuerySet[Certificate], version: Any, instrument: Any
) -> QuerySet[Certificate]:
    """Those of ``certificates`` that hold for ``version`` of ``instrument`` (or OuterRefs).

    One for another version of the instrument holds too, unless its gate asks for a new one.
    """
    strict = Q(version__instrument__certification_gate__each_version=True)
    return certificates.filter(Q(version=version) | Q(version__instrument=instrument) & ~strict)


def certified_on(
    observers: QuerySet[User], on: datetime.date, version: InstrumentVersion | None = None
) -> QuerySet[User]:
    """Those of ``observers`` who were certified on the day ``on``, for ``version`` if given."""
    theirs = in_force(Certificate.objects.filter(observer=OuterRef("pk")), on)
    if version is not None:
        theirs = for_version(theirs, version.pk, version.instrument_id)
    return observers.filter(Exists(theirs))


def is_certified(user: User, version: InstrumentVersion, on: datetime.date) -> bool:
    """Whether ``user`` was certified for ``version`` on the day ``on``."""
    return certified_on(User.objects.filter(pk=user.pk), on, version).exists()


def observed_by_certified(sessions: QuerySet[ObservationSession]) -> QuerySet[ObservationSession]:
    """Those of ``sessions`` whose observer was certified for their version on their day."""
    hers = Certificate.objects.filter(observer=OuterRef("observer"))
    hers = for_version(hers, OuterRef("version"), OuterRef("version__instrument"))
    return sessions.filter(Exists(in_force(hers, OuterRef("observed_on"))))


def held_by(user: User, version: InstrumentVersion, on: datetime.date) -> Certificate | None:
    """The certificate that certifies ``user`` for ``version`` on that day, the longest valid."""
    hers = for_version(Certificate.objects.filter(observer=user), version.pk, version.instrument_id)
    return in_force(hers, on).order_by("-valid_until").first()


def certificates_of(user: User) -> QuerySet[Certificate]:
    """All certificates of ``user`` with what a page says of them, the last first."""
    rows = Certificate.objects.filter(observer=user)
    return rows.select_related("version__instrument", "revocation", "observer")


def last_in_force(on: datetime.date) -> QuerySet[Certificate]:
    """Certificates that count on the day ``on`` and that no other of the same observer and
    instrument outlasts, of people who may still observe."""
    holders_today = Post.objects.in_force(on).filter(role__in=holders("observation.record"))
    longer = Certificate.objects.filter(
        observer=OuterRef("observer"),
        version__instrument=OuterRef("version__instrument"),
        valid_until__gt=OuterRef("valid_until"),
    )
    rows = in_force(Certificate.objects.filter(observer__in=holders_today.values("user")), on)
    rows = rows.filter(~Exists(in_force(longer, on)))
    return rows.select_related("observer", "version__instrument").order_by("valid_until", "pk")


def gate_of(instrument: Instrument) -> CertificationGate:
    """The gate of ``instrument``; one that nobody changed yet is not stored."""
    known = CertificationGate.objects.filter(instrument=instrument).first()
    return known or CertificationGate(instrument=instrument)


def open_test(user: User, version: InstrumentVersion) -> CodingRound | None:
    """The test that ``user`` has begun and not finished."""
    return tests_of(user).filter(version=version, finished_at=None).first()


def last_failed(user: User, version: InstrumentVersion) -> CodingRound | None:
    """Her last test with ``version``, if she did not pass it."""
    last = tests_of(user).filter(version=version, finished_at__isnull=False).first()
    return last if last is not None and not last.passed else None


def tests_of(user: User) -> QuerySet[CodingRound]:
    """The tests of ``user``, the last begun first."""
    rows = CodingRound.objects.filter(observer=user, use=ClipUse.TEST)
    return rows.select_related("version__instrument").order_by("-started_at")


def practices_of(user: User) -> QuerySet[CodingRound]:
    """The practice rounds of ``user``, the last first, each with its one clip."""
    rows = CodingRound.objects.filter(observer=user, use=ClipUse.PRACTICE)
    return rows.prefetch_related("codings__clip").order_by("-started_at")


def clips_open(use: str) -> QuerySet[TrainingClip]:
    """Published clips for ``use``."""
    return TrainingClip.objects.filter(status=ClipStatus.PUBLISHED, use=use)


def publicity(clips: QuerySet[TrainingClip]) -> dict[str, int]:
    """How many ``clips`` there are in ``all``, and the codes of how many are ``public``."""
    return clips.aggregate(all=Count("pk"), public=Count("pk", filter=Q(public=True)))


def practice_clips(version: InstrumentVersion, user: User) -> QuerySet[TrainingClip]:
    """Clips to practise on, each with ``times``: how often ``user`` coded it."""
    hers = Count("codings", filter=Q(codings__round__observer=user))
    return clips_open(ClipUse.PRACTICE).filter(version=version).annotate(times=hers)


def test_clips(version: InstrumentVersion, user: User) -> QuerySet[TrainingClip, Mapping[str, Any]]:
    """Clips that a test may draw: code, content_hash, level, how many ``alerts`` occur in
    each, and in how many tests of ``user`` it was ``seen``."""
    alerts = MasterCode.objects.filter(clip=OuterRef("pk"), item__kind=ItemKind.ALERT)
    drawn = ClipCoding.objects.filter(
        clip=OuterRef("pk"), round__observer=user, round__use=ClipUse.TEST
    )
    return (
        clips_open(ClipUse.TEST)
        .filter(version=version)
        .annotate(alerts=_count(alerts), seen=_count(drawn))
        .order_by("code")
        .values("code", "content_hash", "level", "alerts", "seen")
    )


def versions_to_certify() -> QuerySet[InstrumentVersion]:
    """Published versions for which there are clips, the newest of each instrument first."""
    clips = TrainingClip.objects.filter(version=OuterRef("pk"), status=ClipStatus.PUBLISHED)
    rows = InstrumentVersion.objects.filter(Exists(clips), status=VersionStatus.PUBLISHED)
    return rows.select_related("instrument").order_by("instrument__code", "-number")


def newest_to_certify() -> list[InstrumentVersion]:
    """The newest version of each instrument that observers can be certified for."""
    newest: dict[int, InstrumentVersion] = {}
    for version in versions_to_certify():
        newest.setdefault(version.instrument_id, version)
    return list(newest.values())


def _count(rows: QuerySet) -> Coalesce:
    """How many ``rows`` (of the clip of the outer query) there are."""
    counted = rows.order_by().values("clip").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
