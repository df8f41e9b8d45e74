"""Who was certified when, and who answers for an observer."""

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from observation.models import (
    Certificate,
    CertificateRevocation,
    InstrumentVersion,
    ObservationSession,
)
from organisations.models import User


def in_force(certificates: QuerySet[Certificate], on: Any) -> QuerySet[Certificate]:
    """Those of ``certificates`` that count on the day ``on`` (or OuterRef): both ends do."""
    taken_back = CertificateRevocation.objects.filter(certificate=OuterRef("pk"), since__lte=on)
    return certificates.filter(~Exists(taken_back), issued_on__lte=on, valid_until__gte=on)


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
