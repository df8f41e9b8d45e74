"""The scores of a session, computed once, when it closes."""

import math

from observation import queries
from observation.models import ObservationSession, SessionScore


def store(session: ObservationSession) -> None:
    """Score the stored ratings of ``session`` by its version's rules; empty where not valid."""
    from measurement import scoring  # noqa: PLC0415 — pandas takes half a second to import
    from observation import frames  # noqa: PLC0415 — likewise

    version = session.version
    per_cycle = scoring.domain_scores(
        frames.ratings(ObservationSession.objects.filter(pk=session.pk)),
        frames.items(version),
        minimum_answered=str(version.minimum_answered),
        rule=version.scoring,
    )
    domains = {domain.code: domain for domain in version.domains.all()}
    scores = scoring.session_scores(per_cycle, over_all=None in queries.ranges_of(version))
    SessionScore.objects.bulk_create(
        SessionScore(
            session=session,
            domain=domains.get(domain),  # "ALL", over all domains, has none
            cycles=cycles,
            score=None if math.isnan(score) else score,
        )
        for domain, cycles, score in zip(
            scores["domain"].tolist(),
            scores["cycles"].tolist(),
            scores["score"].tolist(),
            strict=True,
        )
    )
