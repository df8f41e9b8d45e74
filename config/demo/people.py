"""Obviously invented people and the posts they hold."""

from dataclasses import dataclass, field

import numpy as np
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from config.demo import writing
from config.demo.places import Places
from config.demo.scales import CAREGIVERS_WHO_LEFT, Scale
from organisations.models import Post, User
from organisations.roles import RoleCode

DOMAIN = "demo.trenza.example"
PASSWORD = "trenza-demo-2024"  # noqa: S105 — printed for everyone: these people are invented


@dataclass
class People:
    """Keys of the people by role, with the place of each in its level of ``Places``."""

    national: int = 0
    protection: int = 0
    zonal: np.ndarray = field(default_factory=lambda: np.empty(0, int))  # two per zone, in order
    directors: np.ndarray = field(default_factory=lambda: np.empty(0, int))  # one per centre
    mentors: np.ndarray = field(default_factory=lambda: np.empty(0, int))
    mentor_of_centre: np.ndarray = field(
        default_factory=lambda: np.empty(0, int)
    )  # place in mentors
    caregivers: np.ndarray = field(default_factory=lambda: np.empty(0, int))
    caregiver_room: np.ndarray = field(default_factory=lambda: np.empty(0, int))
    caregiver_stays: np.ndarray = field(default_factory=lambda: np.empty(0, bool))


def sign_ins() -> list[tuple[str, str, str]]:
    """(role, e-mail, password) of one person per role."""
    return [(role.value, f"{role.value}@{DOMAIN}", PASSWORD) for role in RoleCode]


def build(scale: Scale, places: Places, day: np.datetime64, rng: np.random.Generator) -> People:
    """Insert everybody and their posts; the first of each role is the one that can sign in."""
    roles: list[str] = []
    units: list[int] = []

    def add(role: RoleCode, at) -> slice:
        start = len(roles)
        roles.extend([role.value] * len(at))
        units.extend(np.asarray(at).tolist())
        return slice(start, len(roles))

    # Director, mentor and caregiver who can sign in meet in the first centre.
    order = _caregiver_rooms(scale, places, rng)
    mentor_of_centre, first_centres = _mentors(scale, places)
    add(RoleCode.NATIONAL, [places.country.pk])
    add(RoleCode.EVALUATOR, [places.country.pk])
    add(RoleCode.WITNESS, [places.country.pk])
    protection = add(RoleCode.PROTECTION, [places.country.pk])
    add(RoleCode.REGIONAL, places.regions.ids)
    zonal = add(RoleCode.ZONAL, np.repeat(places.zones.ids, 2))
    directors = add(RoleCode.DIRECTOR, places.centres.ids)
    mentors = add(RoleCode.MENTOR, places.centres.ids[first_centres])
    caregivers = add(RoleCode.CAREGIVER, places.rooms.ids[order])
    ids = _users(roles, day, rng)

    people = People(
        national=int(ids[0]),
        protection=int(ids[protection][0]),
        zonal=ids[zonal],
        directors=ids[directors],
        mentors=ids[mentors],
        mentor_of_centre=mentor_of_centre,
        caregivers=ids[caregivers],
        caregiver_room=order,
    )
    stays = rng.random(scale.caregivers) >= CAREGIVERS_WHO_LEFT
    # Somebody of every room stays.
    stays[np.unique(order, return_index=True)[1]] = True
    people.caregiver_stays = stays
    _posts(places, people, ids, roles, units, day, rng)
    return people


def _caregiver_rooms(scale: Scale, places: Places, rng: np.random.Generator) -> np.ndarray:
    """The room of each caregiver: as even as the numbers allow, the rest drawn."""
    rooms = len(places.rooms)
    even = np.tile(np.arange(rooms), scale.caregivers // rooms)
    more = rng.choice(rooms, scale.caregivers - len(even), replace=False)
    return np.sort(np.concatenate([even, more]))


def _mentors(scale: Scale, places: Places) -> tuple[np.ndarray, np.ndarray]:
    """The mentor of each centre, never across regions, and the first centre of each mentor."""
    region = places.centre_region
    mentor_of_centre = np.empty(len(places.centres), dtype=int)
    first: list[int] = []
    regions = len(places.regions)
    for r in range(regions):
        here = np.flatnonzero(region == r)
        count = min(len(here), scale.mentors // regions + (r < scale.mentors % regions))
        for k, centres in enumerate(np.array_split(here, count)):
            mentor_of_centre[centres] = len(first) + k
        first.extend(int(centres[0]) for centres in np.array_split(here, count))
    return mentor_of_centre, np.array(first)


def _users(roles: list[str], day: np.datetime64, rng: np.random.Generator) -> np.ndarray:
    seen: set[str] = set()
    emails, passwords = [], []
    # Hashing is slow on purpose; one password needs it once.
    password = make_password(PASSWORD, salt=rng.bytes(16).hex())
    for number, role in enumerate(roles, start=1):
        if role in seen:
            emails.append(f"persona{number}@{DOMAIN}")
            passwords.append("!demo")  # no password at all
        else:
            seen.add(role)
            emails.append(f"{role}@{DOMAIN}")
            passwords.append(password)
    count = len(roles)
    ids = writing.insert(
        User,
        count,
        email=emails,
        password=passwords,
        first_name="Persona",
        last_name=[f"Inventada {number}" for number in range(1, count + 1)],
        is_active=1,
        is_staff=0,
        is_superuser=0,
        date_joined=writing.moment(str(day - 400)),
    )
    writing.insert(EmailAddress, count, user_id=ids, email=emails, verified=1, primary=1)
    return ids


def _posts(places, people, ids, roles, units, day, rng) -> None:
    started = day - rng.integers(366, 2_500, len(roles))
    ended = np.full(len(roles), np.datetime64("NaT", "D"))
    # Caregivers stand last; those who left did so in the past year.
    left = np.flatnonzero(~people.caregiver_stays)
    ended[len(roles) - len(people.caregivers) + left] = day - rng.integers(10, 300, len(left))

    # A mentor has one post per centre: the first stands in the list above, the others here.
    first = np.unique(people.mentor_of_centre, return_index=True)[1]
    more = np.setdiff1d(np.arange(len(places.centres)), first)
    extra = len(more)
    writing.insert(
        Post,
        len(roles) + extra,
        user_id=np.concatenate([ids, people.mentors[people.mentor_of_centre[more]]]),
        unit_id=np.concatenate([units, places.centres.ids[more]]),
        role=roles + [RoleCode.MENTOR.value] * extra,
        starts_on=writing.days(np.concatenate([started, np.repeat(day - 366, extra)])),
        ends_on=writing.days(np.concatenate([ended, np.full(extra, np.datetime64("NaT", "D"))])),
    )
