"""The least valid people, places and posts."""

import datetime
import itertools
from dataclasses import dataclass

from organisations.enums import Provision, UnitKind
from organisations.models import Post, Unit, User

_number = itertools.count(1)


def user(email: str = "", **fields) -> User:
    n = next(_number)
    defaults = {"first_name": "Persona", "last_name": f"Inventada {n}"}
    return User.objects.create_user(
        email or f"persona{n}@trenza.example", "trenza-prueba", **(defaults | fields)
    )


def unit(kind: str, parent: Unit | None = None, code: str = "", **fields) -> Unit:
    code = code or f"{kind}-{next(_number)}"
    fields = {"kind": kind, "code": code, "name": code.capitalize()} | fields
    return parent.add_child(**fields) if parent else Unit.add_root(**fields)


def post(role: str, at: Unit, who: User | None = None, **fields) -> Post:
    fields = {"starts_on": datetime.date(2020, 1, 1)} | fields
    return Post.objects.create(user=who or user(), unit=at, role=role, **fields)


def person(role: str, at: Unit) -> User:
    """Somebody who holds ``role`` at the unit ``at``."""
    return post(role, at).user


@dataclass(frozen=True)
class Region:
    region: Unit
    zone: Unit
    centre: Unit
    rooms: list[Unit]


@dataclass(frozen=True)
class Country:
    country: Unit
    provider: Unit
    here: Region
    elsewhere: Region


def region(provider: Unit, code: str) -> Region:
    place = _region(provider, code)
    provider.save()
    _write(place)
    return place


def _region(provider: Unit, code: str) -> Region:
    ooad = _below(provider, UnitKind.REGION, code)
    zone = _below(ooad, UnitKind.ZONE, f"{code}-z1")
    centre = _below(zone, UnitKind.CENTRE, f"{code}-z1-c1", provision=Provision.CONTRACTED)
    rooms = [
        _below(centre, UnitKind.ROOM, f"{code}-z1-c1-{age.lower()}", age_group=age)
        for age in ("LB", "MA")
    ]
    return Region(ooad, zone, centre, rooms)


def _below(parent: Unit, kind: UnitKind, code: str, **fields) -> Unit:
    """A unit that is not in the database yet, in its place below ``parent``."""
    parent.numchild += 1
    path = Unit._get_path(parent.path, parent.depth + 1, parent.numchild)
    fields |= {"kind": kind, "code": code, "name": code.capitalize()}
    return Unit(path=path, depth=parent.depth + 1, **fields)


def _write(*places: Region) -> None:
    Unit.objects.bulk_create(
        one for place in places for one in (place.region, place.zone, place.centre, *place.rooms)
    )


def country() -> Country:
    """Written at once: thousands of tests need one, and treebeard asks four times for each unit."""
    root = unit(UnitKind.COUNTRY, code="mx")
    provider = _below(root, UnitKind.PROVIDER, "imss")
    here, elsewhere = _region(provider, "norte"), _region(provider, "sur")
    root.save()
    provider.save()
    _write(here, elsewhere)
    return Country(root, provider, here, elsewhere)
