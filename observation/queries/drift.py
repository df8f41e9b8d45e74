"""Do observers move away from their partners? From what pairs keep."""

import datetime
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import astuple, dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import Count, F, FloatField, Max, Q, QuerySet, Sum
from django.db.models.functions import Cast
from django.utils import timezone

from measurement.control import ControlPoint, ewma_chart, p_chart, spread_of_shares
from observation.models import CodingPair, CodingRound, InstrumentVersion, QualityRules
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


@dataclass(frozen=True)
class Sums:
    """What limits are made of, over double codings that stand once each."""

    pairs: int = 0
    apart: int = 0  # with a difference, which subtracted floats cannot tell
    squares: float = 0.0  # of the differences
    exact: int = 0
    compared: int = 0
    shares: float = 0.0  # exact²/compared

    @classmethod
    def of(cls, own: Iterable[Comparison]) -> "Sums":
        rows = [
            (1, d != 0, d**2, exact, compared, exact**2 / compared)
            for d, exact, compared in ((o.difference, o.exact, o.compared) for o in own)
        ]
        return cls(*map(sum, zip(*rows, strict=True)))

    def without(self, own: "Sums") -> "Sums":
        both = zip(astuple(self), astuple(own), strict=True)
        return Sums(*(mine - theirs for mine, theirs in both))

    @property
    def sigma(self) -> float:
        """The root mean square of the differences; 0 where there are none."""
        return (self.squares / self.pairs) ** 0.5 if self.apart else 0.0


def judged(
    observers: Iterable[int], version: InstrumentVersion, rules: QualityRules
) -> dict[int, Drift]:
    """Of ``observers`` (ids) those with double codings in the last year, each held to all others.

    Limits come from the double codings of the whole programme in which she was neither of the two.
    """
    pairs = _of_the_year(version)
    found = {pk: Drift(pk, own) for pk, own in comparisons(pairs, set(observers)).items()}
    if any(len(drift.comparisons) >= rules.minimum_pairs for drift in found.values()):
        everything = sums(pairs)
        for drift in found.values():
            judge(drift, everything, rules)
    return found


def _of_the_year(version: InstrumentVersion) -> QuerySet[CodingPair]:
    today = timezone.localdate()
    return CodingPair.objects.filter(
        compared__gt=0,
        first_session__version=version,
        second_session__version=version,
        first_session__observed_on__range=(today - WINDOW, today),
    )


def comparisons(pairs: QuerySet[CodingPair], observers: set[int]) -> dict[int, list[Comparison]]:
    """By observer (of these ids) her completed ``pairs`` in their order, from her side."""
    hers = pairs.filter(Q(first__in=observers) | Q(second__in=observers))
    rows: Any = hers.order_by("first_session__observed_on", "pk").values_list(
        "first_session__observed_on", "first", "second", "difference", "exact", "compared"
    )
    found: dict[int, list[Comparison]] = {}
    for on, first, second, difference, exact, compared in rows:
        for observer, partner, sign in ((first, second, -1), (second, first, 1)):
            if observer in observers:
                one = Comparison(on, observer, partner, sign * difference, exact, compared)
                found.setdefault(observer, []).append(one)
    return found


def sums(pairs: QuerySet[CodingPair]) -> Sums:
    """Over completed ``pairs``."""
    exact = Cast("exact", FloatField())
    found = pairs.order_by().aggregate(
        pairs=Count("pk"),
        apart=Count("pk", filter=~Q(difference=0)),
        squares=Sum(F("difference") * F("difference"), default=0.0),
        # First: once a sum is called “exact”, that name is no column any more.
        shares=Sum(exact * exact / F("compared"), default=0.0, output_field=FloatField()),
        exact=Sum("exact", default=0),
        compared=Sum("compared", default=0),
    )
    return Sums(**found)


def judge(drift: Drift, everything: Sums, rules: QualityRules) -> None:
    """Put on ``drift`` what its comparisons say against ``everything`` that is not its own."""
    own = drift.comparisons
    if len(own) < rules.minimum_pairs:
        return
    hers = Sums.of(own)
    others = everything.without(hers)
    base = others if others.pairs >= rules.minimum_pairs else hers
    if base.sigma > 0:
        values = [one.difference for one in own]
        drift.moving = ewma_chart(values, 0.0, base.sigma, rules.weight, rules.sigmas)
    spread = spread_of_shares(base.pairs, base.exact, base.compared, base.shares)
    months = [
        (month, list(part)) for month, part in groupby(own, key=lambda one: one.on.replace(day=1))
    ]
    points = p_chart(
        [sum(one.exact for one in part) for _month, part in months],
        [sum(one.compared for one in part) for _month, part in months],
        base.exact / base.compared,
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
    observers: Iterable[int], judged: dict[int, Drift], rules: QualityRules
) -> dict[int, Drift]:
    """By observer of ``observers`` (ids), her drift with her last check and the day of the next."""
    observers = list(observers)
    checked = last_checks(observers)
    found = {}
    for observer in observers:
        drift = found[observer] = judged.get(observer, Drift(observer))
        drift.checked_on = checked.get(observer)
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
