"""How an observer's values lie beside those of experts and of who settled a difference."""

import datetime
from typing import Any

from django.db.models import Avg, Case, Count, F, Max, OuterRef, Q, Subquery, Sum, When

from observation.enums import ClipUse, ItemKind, RatingState
from observation.models import Adjudication, ClipCode, MasterCode, Rating
from observation.queries.drift import WINDOW


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
