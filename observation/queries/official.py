"""Which sessions official figures count, and why others are left out of them."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from observation.enums import Purpose
from observation.models import (
    Certificate,
    ObservationSession,
    PairCoding,
    QualityRules,
    Reinstatement,
)
from observation.queries import judges
from observation.queries.certification import for_version, in_force
from observation.queries.sessions import Sessions, current, of_the_programme


def rules() -> QualityRules:
    """The programme's rules; until it changes one, those of the house."""
    return QualityRules.objects.first() or QualityRules(pk=1)


def once(sessions: Sessions) -> Sessions:
    """Without second codings: what two observers saw together is one observation."""
    seconds = PairCoding.objects.filter(second=True, pair__cancelled_at=None)
    return sessions.exclude(pk__in=seconds.order_by().values("session"))


def with_flags(sessions: Sessions) -> Sessions:
    """``sessions`` with why they may be left out: uncertified, mentored; and with reinstated.

    ``uncertified``: the day needs a certified observer, and she was not. ``mentored``: she mentors
    in the room within the round. ``flagged``: an official session that is left out for it.
    """
    uncertified, mentored = _uncertified(), judges.judged_by_a_mentor()
    official_one = Q(purpose=Purpose.OFFICIAL, dataset=None)
    return sessions.annotate(
        uncertified=uncertified,
        mentored=mentored,
        reinstated=_reinstated(),
        flagged=official_one & (uncertified | mentored) & ~_reinstated(),
    )


def left_out(sessions: QuerySet[ObservationSession]) -> QuerySet[ObservationSession]:
    """Current official sessions that are flagged, or were and are brought back, newest first."""
    flagged = with_flags(of_the_programme(current(sessions)).filter(purpose=Purpose.OFFICIAL))
    rows = flagged.filter(Q(flagged=True) | Q(reinstated=True))
    return rows.select_related("unit", "observer", "version__instrument", "reinstatement__by")


def official_codings(sessions: Sessions) -> Sessions:
    """Official sessions that count, second codings among them: what agreement is computed from."""
    return unflagged(of_the_programme(current(sessions)).filter(purpose=Purpose.OFFICIAL))


def unflagged(sessions: Sessions) -> Sessions:
    """Of official sessions those that nothing keeps out of official figures."""
    why = Q(_uncertified()) | judges.judged_by_a_mentor()
    return sessions.filter(~why | _reinstated())


def official(sessions: Sessions) -> Sessions:
    """What official figures count: current sessions of an official evaluation, none imported.

    Each room's visit once, and none whose observer was not certified on that day or mentors there
    in that round, unless it was brought back with a reason.
    """
    return once(official_codings(sessions))


def _uncertified() -> Q:
    """Of sessions: their day needs a certified observer, and theirs was not, for their version."""
    needed = QualityRules.objects.filter(certified_from__lte=OuterRef("observed_on"))
    hers = Certificate.objects.filter(observer=OuterRef("observer"))
    hers = for_version(hers, OuterRef("version"), OuterRef("version__instrument"))
    hers = in_force(hers, OuterRef("observed_on"))
    return Q(Exists(needed)) & ~Q(Exists(hers.order_by()))


def _reinstated() -> Exists:
    return Exists(Reinstatement.objects.filter(session=OuterRef("pk")))
