"""Give posts and end them; a post is never deleted, since records were made under it."""

import datetime

from django.db import transaction

from core import audit
from organisations import policies
from organisations.models import Post, Unit, User


@transaction.atomic
def give(
    *,
    user: User,
    unit: Unit,
    role: str,
    starts_on: datetime.date,
    by: User | None,
    ends_on: datetime.date | None = None,
) -> Post:
    """Give ``user`` the ``role`` at ``unit`` from ``starts_on`` to ``ends_on`` (None: still).

    Raises Refusal where the role is not held there or she holds it already on one of the days.
    """
    policies.role_fits(role, unit.kind)
    policies.post_lies_in_order(starts_on, ends_on)
    # Two at once: the second waits here, then reads the first one's post.
    User.objects.select_for_update().get(pk=user.pk)
    others = Post.objects.filter(user=user, unit=unit, role=role)
    policies.post_is_free(starts_on, ends_on, others)
    post = Post.objects.create(
        user=user, unit=unit, role=role, starts_on=starts_on, ends_on=ends_on
    )
    audit.record("posts.give", post, by=by, detail={"role": role, "unit": unit.code})
    return post


@transaction.atomic
def end(*, post: Post, on: datetime.date, by: User | None) -> Post:
    """End ``post`` with the day ``on`` (its last); the same day again changes nothing.

    Raises Refusal where it has an earlier end already, or ``on`` is before its first day.
    """
    policies.post_lies_in_order(post.starts_on, on)
    policies.post_may_end(post, on)
    if post.ends_on != on:
        post.ends_on = on
        post.save(update_fields=["ends_on"])
        audit.record("posts.end", post, by=by, detail={"role": post.role, "on": on.isoformat()})
    return post
