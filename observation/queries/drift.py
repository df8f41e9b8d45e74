"""Do observers move away from their partners, or from the experts? From what pairs keep."""

import datetime
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import Avg, Case, Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.utils import timezone

from measurement.control import ControlPoint, ewma_chart, p_chart, spread_of_shares
from observation.enums import ClipUse, ItemKind, RatingState
from observation.models import (
    Adjudication,
    ClipCode,
    CodingPair,
    CodingRound,
    InstrumentVersion,
    MasterCode,
    QualityRules,
    Rating,
)
from organisations.models import Post, User
from organisations.roles import holders

WINDOW = datetime.timedelta(days=365)


@dataclass(frozen=True)
class Comparison:
    """One double coding from one observer's side: her values less her partner's, on average."""

    on: datetime.date
    observer: int
    partner: int
    difference: float
    exact: int
    compared: int


@dataclass
class Drift:
    """An observer's double codings in their order, and what the control charts make of them.

    ``months``: (first day, p-chart point) of exact agreement; ``moving``: the moving mean of her
    difference, one point per double coding. Empty where they are too few to judge.
    """

    observer: int
    comparisons: list[Comparison] = field(default_factory=list)
    months: list[tuple[datetime.date, ControlPoint]] = field(default_factory=list)
    moving: list[ControlPoint] = field(default_factory=list)
    too_little: bool = False
    checked_on: datetime.date | None = None
    due_on: datetime.date | None = None

    @property
    def exact(self) -> float | None:
        compared = sum(one.compared for one in self.comparisons)
        return sum(one.exact for one in self.comparisons) / compared if compared else None

    @property
    def difference(self) -> float | None:
        """Mean of the double codings' differences, in points."""
        differences = [one.difference for one in self.comparisons]
        return sum(differences) / len(differences) if differences else None

    def is_due(self, today: datetime.date) -> bool:
        return self.due_on is not None and self.due_on <= today

    @property
    def moved(self) -> bool:
        """Her moving mean now lies beyond its limits."""
        return bool(self.moving) and self.moving[-1].beyond

    @property
    def fell(self) -> bool:
        """Exact agreement in her last month lies beneath its limit."""
        return bool(self.months) and self.months[-1][1].value < self.months[-1][1].low

    @property
    def alarming(self) -> bool:
        return self.moved or self.fell or self.too_little


def comparisons(
    pairs: QuerySet[CodingPair], version: InstrumentVersion, today: datetime.date
) -> list[Comparison]:
    """Completed pairs of the last year with ``version``, each twice: from either side."""
    rows = pairs.filter(
        compared__gt=0,
        first_session__version=version,
        second_session__version=version,
        first_session__observed_on__range=(today - WINDOW, today),
    ).order_by("first_session__observed_on", "pk")
    values: Any = rows.values_list(
        "first_session__observed_on", "first", "second", "difference", "exact", "compared"
    )
    return [
        Comparison(on, observer, partner, sign * difference, exact, compared)
        for on, first, second, difference, exact, compared in values
        for observer, partner, sign in ((first, second, -1), (second, first, 1))
    ]


def judge(everything: Iterable[Comparison], rules: QualityRules) -> dict[int, Drift]:
    """By observer, each held against all double codings in which she was neither of the two."""
    everything = list(everything)
    found: dict[int, Drift] = {}
    for one in everything:
        found.setdefault(one.observer, Drift(one.observer)).comparisons.append(one)
    for drift in found.values():
        _judge(drift, everything, rules)
    return found


def _judge(drift: Drift, everything: list[Comparison], rules: QualityRules) -> None:
    own, me = drift.comparisons, drift.observer
    if len(own) < rules.minimum_pairs:
        return
    # Each pair stands twice, once from each side: one side of it is enough.
    others = [one for one in everything if me not in (one.observer, one.partner)]
    others = [one for one in others if one.observer < one.partner]
    base = others if len(others) >= rules.minimum_pairs else own
    sigma = (sum(one.difference**2 for one in base) / len(base)) ** 0.5
    if sigma > 0:
        values = [one.difference for one in own]
        drift.moving = ewma_chart(values, 0.0, sigma, rules.weight, rules.sigmas)
    centre = sum(one.exact for one in base) / sum(one.compared for one in base)
    spread = spread_of_shares([one.exact for one in base], [one.compared for one in base])
    months = [
        (month, list(part)) for month, part in groupby(own, key=lambda one: one.on.replace(day=1))
    ]
    points = p_chart(
        [sum(one.exact for one in part) for _month, part in months],
        [sum(one.compared for one in part) for _month, part in months],
        centre,
        rules.sigmas,
        spread,
    )
    drift.months = [(month, point) for (month, _part), point in zip(months, points, strict=True)]
    latest = own[-rules.minimum_pairs :]
    compared = sum(one.compared for one in latest)
    drift.too_little = sum(one.exact for one in latest) / compared < rules.exact_least


def observers_of(user: User) -> QuerySet[User]:
    """Whose drift ``user`` may see: who observes below her units, or herself."""
    posts = Post.objects.in_force().filter(role__in=holders("observation.record"))
    seen = posts.visible_to(user, "observation.quality")
    return User.objects.filter(pk__in=seen.values("user")).order_by("first_name", "last_name")


def with_checks(
    people: Iterable[User], judged: dict[int, Drift], rules: QualityRules
) -> dict[int, Drift]:
    """By observer of ``people``, her drift with her last check and the day of the next."""
    people = list(people)
    checked = last_checks([person.pk for person in people])
    found = {}
    for person in people:
        drift = found[person.pk] = judged.get(person.pk, Drift(person.pk))
        drift.checked_on = checked.get(person.pk)
        # Whoever was never checked is due at once.
        drift.due_on = (
            _months_later(drift.checked_on, rules.check_months)
            if drift.checked_on
            else timezone.localdate()
        )
    return found


def _months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_checks(observers: Iterable[int]) -> dict[int, datetime.date]:
    """By observer, the day of her last double coding or finished round of clips."""
    observers = list(observers)
    last: dict[int, datetime.date] = {}
    completed = CodingPair.objects.filter(completed_at__isnull=False).order_by()
    for side in ("first", "second"):
        rows = completed.filter(**{f"{side}__in": observers}).values_list(side)
        for observer, day in rows.annotate(last=Max(f"{side}_session__observed_on")):
            last[observer] = max(day, last.get(observer, day))
    rounds = CodingRound.objects.filter(observer__in=observers, finished_at__isnull=False)
    for observer, moment in rounds.order_by().values_list("observer").annotate(Max("finished_at")):
        last[observer] = max(day := timezone.localdate(moment), last.get(observer, day))
    return last


def against_masters(observer: int, today: datetime.date) -> list[dict[str, Any]]:
    """Her finished rounds of clips in the last year: on, use, n, same, difference (hers less)."""
    master = MasterCode.objects.filter(
        clip=OuterRef("coding__clip"), item=OuterRef("item"), state=RatingState.SCORED
    )
    codes = ClipCode.objects.filter(
        coding__round__observer=observer,
        coding__round__finished_at__date__range=(today - WINDOW, today),
        item__kind=ItemKind.SCORED,
        state=RatingState.SCORED,
    ).annotate(master=Subquery(master.values("value")[:1]))
    rows = (
        codes.filter(master__isnull=False)
        .order_by()
        .values("coding__round")
        .annotate(
            on=Max("coding__round__finished_at"),
            use=Max("coding__round__use"),
            n=Count("pk"),
            same=Sum(Case(When(value=F("master"), then=1), default=0)),
            difference=Avg(F("value") - F("master")),
        )
        .order_by("on")
    )
    return [row | {"kind": ClipUse(row["use"]).label} for row in rows]


def against_agreed(observer: int, today: datetime.date) -> dict[str, Any]:
    """Her values where a third person settled a difference: n, same, difference (hers less).

    Only what two observers differed on was settled: these are her hardest items, not all.
    """
    found: dict[str, Any] = {"n": 0, "same": 0, "difference": None}
    total = 0
    for side in ("first", "second"):
        value = Rating.objects.filter(
            cycle__session=OuterRef(f"pair__{side}_session"),
            cycle__number=OuterRef("cycle"),
            item=OuterRef("item"),
        )
        later = Adjudication.objects.filter(
            pair=OuterRef("pair"), cycle=OuterRef("cycle"), item=OuterRef("item")
        )
        rows = Adjudication.objects.filter(
            **{f"pair__{side}": observer}, state=RatingState.SCORED
        ).annotate(
            hers=Subquery(value.values("value")[:1]),
            newest=Subquery(later.order_by("-id").values("pk")[:1]),
        )
        rows = rows.filter(
            Q(newest=F("pk")),
            hers__isnull=False,
            pair__first_session__observed_on__range=(today - WINDOW, today),
        )
        for own, agreed in rows.values_list("hers", "value"):
            found["n"] += 1
            found["same"] += own == agreed
            total += own - agreed
    if found["n"]:
        found["difference"] = total / found["n"]
    return found
