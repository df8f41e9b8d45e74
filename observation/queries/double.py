"""Double codings: whose seat a session takes, what the two say, where somebody must decide."""

import datetime
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Abs, Coalesce
from django.db.models.lookups import GreaterThanOrEqual

from observation.enums import ItemKind, RatingState, SessionStatus
from observation.models import (
    Adjudication,
    CodingDraw,
    CodingPair,
    InstrumentVersion,
    Item,
    ObservationSession,
    PairCoding,
    Rating,
    RoundAssignment,
)
from organisations.models import User


def under_way(pairs: QuerySet[CodingPair]) -> QuerySet[CodingPair]:
    """Neither completed nor cancelled: the two must not see each other's session."""
    return pairs.filter(completed_at=None, cancelled_at=None)


def seats(observer: User) -> QuerySet[CodingPair]:
    """Pairs in which ``observer`` has not begun, the next day first.

    As the first only of pairs by hand that stand beside no official visit of hers: any other visit
    is hers without the pair.
    """
    visit = RoundAssignment.objects.filter(
        room=OuterRef("room"), observer=observer, planned_on=OuterRef("planned_on")
    )
    by_hand = Q(~Exists(visit), first=observer, visit="")
    pairs = under_way(CodingPair.objects.filter(Q(second=observer) | by_hand))
    free = pairs.exclude(codings__session__observer=observer)
    return free.select_related("room").order_by("planned_on", "pk")


def seat(session: ObservationSession) -> tuple[CodingPair, bool] | None:
    """The pair that ``session`` belongs to, and whether as its second coding.

    The one whose appointment it was sent for, on whatever day; else by room and day: the one
    planned, or the one on which her partner was there. None where its observer is in no such pair,
    or has taken her seat already.
    """
    observer, on = session.observer, session.observed_on
    taken = PairCoding.objects.filter(pair=OuterRef("pk"), session__observer=observer)
    partner = PairCoding.objects.filter(pair=OuterRef("pk"), session__observed_on=on)
    hers = under_way(CodingPair.objects.filter(room=session.unit, purpose=session.purpose))
    hers = hers.filter(Q(first=observer) | Q(second=observer), ~Exists(taken))
    free = hers.annotate(there=Q(planned_on=on) | Exists(partner)).order_by("pk")
    found = [(pair, pair.second_id == session.observer_id) for pair in free]
    for pair, second in found:
        if session.appointment == pair.appointment(second):
            return pair, second
    return next((each for each in found if each[0].there), None)


def of_agreement(
    pairs: QuerySet[CodingPair],
    version: InstrumentVersion,
    purpose: str,
    starts_on: datetime.date,
    ends_on: datetime.date,
) -> QuerySet[CodingPair]:
    """Completed ``pairs`` in which both used ``version``, of one purpose and period."""
    return pairs.filter(
        completed_at__isnull=False,
        purpose=purpose,
        first_session__version=version,
        second_session__version=version,
        first_session__observed_on__range=(starts_on, ends_on),
    )


def drawn_before(month: datetime.date) -> set[str]:
    """Names of the visits from which somebody has drawn for ``month`` (its first day)."""
    frames = CodingDraw.objects.filter(month=month).values_list("frame", flat=True)
    return {row["visit"] for frame in frames for row in frame}


def shown(pairs: QuerySet[CodingPair]) -> QuerySet[CodingPair]:
    """With all that a list says of them, and ``coded``: how many have closed their session."""
    closed = Q(codings__session__status=SessionStatus.CLOSED, codings__session__supersedes=None)
    counted = pairs.annotate(coded=Count("codings", filter=closed))
    return counted.select_related("room", "first", "second", "draw").order_by("-planned_on", "-pk")


def unsettled(pairs: QuerySet[CodingPair], step: int) -> QuerySet[CodingPair]:
    """Completed ``pairs`` with a difference of ``step`` points or more that nobody has settled."""
    sides = [("first_session", "second_session"), ("second_session", "first_session")]
    # The second side says more only where one who did not score counts as a difference.
    apart = [Exists(_differing(own, other, step)) for own, other in sides[: 2 if step == 1 else 1]]
    completed = pairs.filter(completed_at__isnull=False)
    return completed.filter(Q(*map(Q, apart), _connector=Q.OR))


def _differing(own: str, other: str, step: int) -> QuerySet[Rating]:
    same_place = {"cycle__number": OuterRef("cycle__number"), "item": OuterRef("item")}
    beside = Rating.objects.filter(cycle__session=OuterRef(OuterRef(other)), **same_place)
    settled = Adjudication.objects.filter(
        pair=OuterRef(OuterRef("pk")), cycle=OuterRef("cycle__number"), item=OuterRef("item")
    )
    scored = Rating.objects.filter(cycle__session=OuterRef(own), state=RatingState.SCORED)
    # Named once: a database looks up the other's value as often as it is named.
    apart = Abs(F("value") - Subquery(beside.values("value")[:1]))
    far = Coalesce(apart, 1) if step == 1 else apart
    return scored.filter(GreaterThanOrEqual(far, step), ~Exists(settled)).order_by()


@dataclass
class Cell:
    """One item in one cycle: what each of the two said, and what was settled on, newest last."""

    cycle: int
    item: Item
    first: Rating | None = None
    second: Rating | None = None
    settled: list[Adjudication] = field(default_factory=list)

    @property
    def both(self) -> tuple[int, int] | None:
        """The two values, None unless both scored."""
        values = [rating.value if rating else None for rating in (self.first, self.second)]
        return (values[0], values[1]) if None not in values else None  # type: ignore[return-value]  # just excluded

    def differs(self, step: int) -> bool:
        """By ``step`` points or more; with 1 also where only one of the two scored."""
        if self.both is not None:
            return abs(self.both[0] - self.both[1]) >= step
        one = any(rating and rating.value is not None for rating in (self.first, self.second))
        return step == 1 and one

    @property
    def agreed(self) -> Adjudication | None:
        return self.settled[-1] if self.settled else None


def cells(pair: CodingPair) -> list[Cell]:
    """Every item and cycle that either of the two rated, in the order of cycles and items."""
    found: dict[tuple[int, int], Cell] = {}
    for name, session in (("first", pair.first_session_id), ("second", pair.second_session_id)):
        rows = Rating.objects.filter(cycle__session=session, item__kind=ItemKind.SCORED)
        for rating in rows.select_related("cycle", "item__scale", "item__domain"):
            key = (rating.cycle.number, rating.item_id)
            setattr(found.setdefault(key, Cell(key[0], rating.item)), name, rating)
    for row in pair.adjudications.select_related("by", "item__scale").order_by("id"):
        if cell := found.get((row.cycle, row.item_id)):
            cell.settled.append(row)
    return sorted(found.values(), key=lambda cell: (cell.cycle, cell.item.order))


def current_of(pair: CodingPair, second: bool) -> ObservationSession | None:
    """The closed session of one of the two: her newest correction, if she closed one."""
    rows = ObservationSession.objects.filter(
        pair_coding__pair=pair, pair_coding__second=second, status=SessionStatus.CLOSED
    )
    return rows.order_by("-closed_at").first()
