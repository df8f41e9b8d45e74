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
    ooad = unit(UnitKind.REGION, provider, code)
    zone = unit(UnitKind.ZONE, ooad, f"{code}-z1")
    centre = unit(UnitKind.CENTRE, zone, f"{code}-z1-c1", provision=Provision.CONTRACTED)
    rooms = [
        unit(UnitKind.ROOM, centre, f"{code}-z1-c1-{age.lower()}", age_group=age)
        for age in ("LB", "MA")
    ]
    return Region(ooad, zone, centre, rooms)


def country() -> Country:
    root = unit(UnitKind.COUNTRY, code="mx")
    provider = unit(UnitKind.PROVIDER, root, "imss")
    return Country(root, provider, region(provider, "norte"), region(provider, "sur"))
