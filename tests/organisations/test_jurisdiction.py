import datetime

import pytest
from django.utils import timezone

from organisations import jurisdiction
from organisations.models import Unit
from organisations.roles import PERMISSIONS, ROLES
from tests.factories import organisations as make


def codes(user, permission="organisations.view"):
    return set(Unit.objects.visible_to(user, permission).values_list("code", flat=True))


def test_units_without_post_are_none(country):
    assert codes(make.user()) == set()


def test_units_of_director_are_her_centre_and_rooms(country):
    director = make.person("director", country.here.centre)

    assert codes(director) == {"norte-z1-c1", "norte-z1-c1-lb", "norte-z1-c1-ma"}


def test_units_with_post_ended_yesterday_are_none(country):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    post = make.post("director", country.here.centre, ends_on=yesterday)

    assert codes(post.user) == set()


def test_units_of_two_posts_are_the_union(country):
    zonal = make.person("zonal", country.here.zone)
    make.post("director", country.elsewhere.centre, zonal)

    assert codes(zonal) >= {"norte-z1", "sur-z1-c1"}
    assert "sur" not in codes(zonal)


def test_post_is_visible_to_director_and_not_to_a_peer(country):
    mine = make.post("caregiver", country.here.rooms[0])
    peer = make.person("caregiver", country.here.rooms[0])

    assert mine.visible_to(make.person("director", country.here.centre), "organisations.view")
    assert not mine.visible_to(peer, "organisations.view")


def test_unknown_permission_is_refused(country):
    with pytest.raises(ValueError, match="There is no permission"):
        jurisdiction.paths(make.user(), "organisations.fly", "below")


def test_every_permission_of_a_role_is_described():
    used = {name for role in ROLES.values() for name in role.permissions}

    assert used == set(PERMISSIONS)
