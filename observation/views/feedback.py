"""What a closed session says to the people who talk about it: page and PDF read the same."""

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cms.models import PracticeCardPage
from cms.queries import practice_card
from core import charts
from observation import policies, queries
from observation.models import Cycle, Domain, Item, ObservationSession
from observation.policies import ItemMean
from observation.queries import ScoreRange


@dataclass(frozen=True)
class DomainResult:
    """A domain's score (None where not valid), valid cycles and items scored; per cycle as well."""

    domain: Domain
    range: ScoreRange
    score: float | None
    cycles: int
    items: int
    per_cycle: list[float | None]


@dataclass(frozen=True)
class ItemResult:
    item: Item
    given: list[str]
    mean: float | None
    notes: list[str]


@dataclass(frozen=True)
class Feedback:
    """A closed session, ready to be shown. Alerts have no place in it."""

    session: ObservationSession
    cycles: list[Cycle]
    domains: list[DomainResult]
    overall: float | None
    range: ScoreRange | None  # of the score over all; None where domains cannot be averaged
    items: list[ItemResult]
    strengths: list[ItemMean]
    focus: ItemMean | None
    card: PracticeCardPage | None = None

    @property
    def points_out(self) -> bool:
        """Whether items can be called high or low: counts without an end cannot."""
        return any(result.item.scale.maximum is not None for result in self.items)


def read(session: ObservationSession) -> Feedback:
    """The feedback of ``session``: stored scores, and per cycle what they were made of."""
    items = list(queries.scored_items(session))
    found = {row["item"]: row for row in queries.item_means(session)}
    cycles = list(session.cycles.order_by("number").prefetch_related("ratings"))
    means = {
        item.pk: ItemMean(item, found[item.pk]["mean"], found[item.pk]["n"])
        for item in items
        if item.pk in found
    }
    strengths, focus = policies.strengths_and_focus(means.values())
    stored = {score.domain_id: score for score in session.scores.select_related("domain")}
    profile = _per_cycle(session)
    ranges = queries.ranges_of(session.version)
    domains = []
    scored = [(score.domain, score) for score in stored.values() if score.domain is not None]
    for domain, score in sorted(scored, key=lambda pair: pair[0].order):
        rated = [each for each in means.values() if each.item.domain_id == domain.pk]
        values = [profile.get((cycle.number, domain.code)) for cycle in cycles]
        span = ranges[domain.code]
        domains.append(DomainResult(domain, span, score.score, score.cycles, len(rated), values))
    overall = stored[None].score if None in stored else None
    results = [_item(item, means.get(item.pk), cycles) for item in items]
    whole = ranges.get(None)
    card = practice_card(session.version.instrument.code, focus.item.code) if focus else None
    return Feedback(session, cycles, domains, overall, whole, results, strengths, focus, card)


def _item(item: Item, mean: ItemMean | None, cycles: list[Cycle]) -> ItemResult:
    ratings = [
        next((each for each in cycle.ratings.all() if each.item_id == item.pk), None)
        for cycle in cycles
    ]
    given = [item.told(rating.state, rating.value) if rating else "–" for rating in ratings]
    notes = [rating.note for rating in ratings if rating is not None and rating.note]
    return ItemResult(item, given, mean.mean if mean else None, notes)


def _per_cycle(session: ObservationSession) -> dict[tuple[int, str], float | None]:
    """Scores by cycle number and domain code."""
    from measurement import scoring  # noqa: PLC0415 — pandas takes half a second to import
    from observation import frames  # noqa: PLC0415 — likewise

    scores = scoring.domain_scores(
        frames.ratings(ObservationSession.objects.filter(pk=session.pk)),
        frames.items(session.version),
        minimum_answered=str(session.version.minimum_answered),
        rule=session.version.scoring,
    )
    return {
        (int(cycle), domain): None if math.isnan(score) else score
        for cycle, domain, score in zip(
            scores["cycle"].tolist(),
            scores["domain"].tolist(),
            scores["score"].tolist(),
            strict=True,
        )
    }


def domain_chart(feedback: Feedback) -> charts.Chart:
    """Scores by domain with the number of cycles."""
    return charts.bar_with_interval(
        _("Score by domain"),
        [
            charts.Estimate(
                result.domain.name,
                result.score,
                n=result.cycles,
                reason=_("fewer than the needed answers") if result.score is None else "",
                strand="observation",
            )
            for result in feedback.domains
        ],
        limits=_limits(feedback),
        decimals=_decimals(feedback),
        note=_("Scores go %(range)s; n is the number of cycles with a valid score.")
        % {"range": told(feedback)},
    )


def cycle_chart(feedback: Feedback) -> charts.Chart:
    """Each domain over the cycles of the session."""
    return charts.line(
        _("Score by cycle"),
        [_("Cycle %(n)s") % {"n": cycle.number} for cycle in feedback.cycles],
        [
            charts.Series(result.domain.name, result.per_cycle, "observation")
            for result in feedback.domains
        ],
        limits=_limits(feedback),
        decimals=_decimals(feedback),
        note=_("Each cycle is scored on its own; the session’s score is their mean."),
    )


def told(feedback: Feedback) -> str:
    """Between what the scores lie, domain by domain where they differ."""
    spans = {result.range for result in feedback.domains}
    if len(spans) == 1:
        return str(spans.pop())
    return "; ".join(f"{result.domain.name}: {result.range}" for result in feedback.domains)


def _limits(feedback: Feedback) -> tuple[float, float] | None:
    """One axis for all domains, None where one of them is open."""
    limits = [result.range.limits for result in feedback.domains]
    known = [each for each in limits if each is not None]
    if not known or len(known) < len(limits):
        return None
    return min(low for low, _high in known), max(high for _low, high in known)


def _decimals(feedback: Feedback) -> int:
    return max((result.range.decimals for result in feedback.domains), default=0)
