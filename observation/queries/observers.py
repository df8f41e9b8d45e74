"""Observers as those see them who answer for them."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from observation.enums import ClipUse, ItemKind
from observation.models import Certificate, ClipCode, CodingRound, MasterCode
from observation.queries.certification import in_force
from organisations.models import Post, User
from organisations.roles import holders

OBSERVERS = "observation.observers"


def posts_of_observers(user: User) -> QuerySet[Post]:
    """Posts in force, within the jurisdiction of ``user``, whose holders may observe."""
    posts = Post.objects.in_force().filter(role__in=holders("observation.record"))
    return posts.visible_to(user, OBSERVERS)


def observers_of(user: User) -> QuerySet[User]:
    """Observers for whom ``user`` answers."""
    return User.objects.filter(pk__in=posts_of_observers(user).values("user"))


def with_states(observers: QuerySet[User], on: datetime.date, soon: int) -> QuerySet[Any]:
    """``observers`` with what a list of them shows on the day ``on``.

    ``until``: the last day of the certificate that counts; ``ended``: that of the last one that
    ever was, or the day from which it is revoked; ``tested_at`` and ``passed`` of her last test;
    ``state``: certified, expiring (within ``soon`` days), expired (or revoked), or never.
    """
    hers = Certificate.objects.filter(observer=OuterRef("pk")).order_by("-valid_until")
    tests = CodingRound.objects.filter(
        observer=OuterRef("pk"), use=ClipUse.TEST, finished_at__isnull=False
    ).order_by("-finished_at")
    limit = on + datetime.timedelta(days=soon)
    return observers.annotate(
        until=Subquery(in_force(hers, on).values("valid_until")[:1]),
        ended=Subquery(hers.values_list(Coalesce("revocation__since", "valid_until"))[:1]),
        tested_at=Subquery(tests.values("finished_at")[:1]),
        passed=Subquery(tests.values("passed")[:1]),
    ).annotate(
        state=Case(
            When(until__gt=limit, then=Value("certified")),
            When(until__isnull=False, then=Value("expiring")),
            When(ended__isnull=False, then=Value("expired")),
            default=Value("never"),
            output_field=CharField(),
        )
    )


def answering_for(observers: Iterable[User]) -> dict[int, list[User]]:
    """By observer, the people nearest above her posts who answer for observers."""
    ids = [observer.pk for observer in observers]
    theirs = Post.objects.in_force().filter(user__in=ids, role__in=holders("observation.record"))
    places = set(theirs.values_list("user", "unit__path"))
    above: dict[str, list[User]] = {}
    coordinators = Post.objects.in_force().filter(role__in=holders(OBSERVERS))
    for post in coordinators.select_related("user", "unit"):
        above.setdefault(post.unit.path, []).append(post.user)
    found: dict[int, dict[int, User]] = {}
    for observer, path in places:
        ours = [
            [user for user in people if user.pk != observer]
            for top, people in sorted(above.items(), key=lambda one: -len(one[0]))
            if path.startswith(top)
        ]
        nearest = next(filter(None, ours), [])
        found.setdefault(observer, {}).update({user.pk: user for user in nearest})
    return {observer: list(people.values()) for observer, people in found.items()}


def confusion(observers: QuerySet[User]) -> QuerySet[ClipCode, Mapping[str, Any]]:
    """Codes given in finished tests beside the master codes, counted.

    One row per item, master and given value (None: not applicable): item__code, item__text,
    item__order, master, value, n.
    """
    master = MasterCode.objects.filter(clip=OuterRef("coding__clip"), item=OuterRef("item"))
    codes = ClipCode.objects.filter(
        Exists(master),
        coding__round__observer__in=observers,
        coding__round__use=ClipUse.TEST,
        coding__round__finished_at__isnull=False,
        item__kind=ItemKind.SCORED,
    ).annotate(master=Subquery(master.values("value")[:1]))
    rows = codes.values("item__code", "item__text", "item__order", "master", "value")
    return rows.annotate(n=Count("pk")).order_by("item__order")
