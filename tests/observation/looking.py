"""Pages of places and the visits behind them, as the tests of both need them."""

from django.urls import reverse
from django.utils import timezone

from observation.enums import Purpose
from tests.factories import observation as make
from tests.factories import organisations
from tests.factories.mentoring import days_ago


def url(name: str, *args) -> str:
    return reverse(f"observation:{name}", args=args)


def page(client, kind: str, code: str, query: str = ""):
    return client.get(url(f"{kind}_detail", code) + query)


def judge(room):
    """Who may judge: somebody who mentors nobody there."""
    return organisations.person("zonal", room.get_parent().get_parent())


def visits(room, values, **fields):
    """Official sessions of one observer with ``values``, a day after the other up to yesterday."""
    observer = judge(room)
    fields = {"purpose": Purpose.OFFICIAL, "caregiver": None} | fields
    return [
        make.closed(room, observer, value, observed_on=days_ago(len(values) - number), **fields)
        for number, value in enumerate(values)
    ]


def observed(room, caregivers: int, value=2, on=None):
    observer = organisations.person("mentor", room.get_parent())
    for _nth in range(caregivers):
        make.closed(room, observer, value, observed_on=on or timezone.localdate())
