import datetime

import pytest
from django.utils.translation import override

from core.refusals import Refusal
from organisations import policies
from organisations.enums import UnitKind
from organisations.models import Post
from organisations.roles import ROLES, RoleCode

DAY = datetime.date(2026, 3, 1)


def day(number: int) -> datetime.date:
    return DAY + datetime.timedelta(days=number)


@pytest.mark.parametrize("kind", UnitKind)
@pytest.mark.parametrize("parent", [None, *UnitKind])
def test_unit_hangs_from_the_kind_above_and_no_other(kind, parent):
    if parent == kind.parent:
        policies.hangs_from(kind, parent)
    else:
        with pytest.raises(Refusal, match=r"hangs from"), override("en"):
            policies.hangs_from(kind, parent)


@pytest.mark.parametrize("role", RoleCode)
@pytest.mark.parametrize("kind", UnitKind)
def test_role_is_held_where_its_table_says(role, kind):
    if kind in ROLES[role].held_at:
        policies.role_fits(role, kind)
    else:
        with pytest.raises(Refusal, match="is held at"), override("en"):
            policies.role_fits(role, kind)


@pytest.mark.parametrize(
    ("starts", "ends", "free"),
    [
        (0, 4, True),  # ends the day before
        (0, 5, False),  # shares the first day
        (10, None, False),  # shares the last day
        (11, None, True),  # begins the day after
        (6, 7, False),  # lies within
        (0, 20, False),  # covers it
        (0, None, False),
    ],
)
def test_post_from_day_5_to_10_leaves_other_days_free(starts, ends, free):
    other = Post(starts_on=day(5), ends_on=day(10))
    wanted = (day(starts), None if ends is None else day(ends))

    if free:
        policies.post_is_free(*wanted, [other])
    else:
        with pytest.raises(Refusal, match="06/03/2026"), override("en"):
            policies.post_is_free(*wanted, [other])


@pytest.mark.parametrize(
    ("is_until", "shall_end", "allowed"),
    [(None, 3, True), (5, 3, True), (5, 5, True), (5, 6, False), (5, None, False)],
)
def test_end_of_a_post_comes_never_later(is_until, shall_end, allowed):
    post = Post(starts_on=DAY, ends_on=None if is_until is None else day(is_until))
    wanted = None if shall_end is None else day(shall_end)

    if allowed:
        policies.post_may_end(post, wanted)
    else:
        with pytest.raises(Refusal, match="give it again"), override("en"):
            policies.post_may_end(post, wanted)
