"""Five hundred mentors with a session each on their phones, and a look at what arrived.

Called by `manage.py shell`, with the settings of the database to measure.
"""

import datetime
import json
import sys
from pathlib import Path

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from fieldwork.models import Delivery
from observation.actions import instruments
from observation.enums import InstrumentKind
from observation.models import ObservationSession, Rating
from organisations.models import Post, User
from tests.factories import field, organisations

PHONES, ITEMS = 500, 60


def prepare(file: str) -> None:
    """Fill the database and write to ``file`` what each phone sends."""

    rooms, mentors, caregivers = _people()
    version = _instrument()
    phones = []
    for room, mentor, caregiver in zip(rooms, mentors, caregivers, strict=True):
        session = SessionStore()
        session[SESSION_KEY] = str(mentor.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = mentor.get_session_auth_hash()
        session.save()
        content = field.session(room, caregiver, version=version)
        record = field.envelope(mentor, content)
        body = field.canonical(record).decode()
        phones.append({"cookie": session.session_key, "id": record["id"], "body": body})
    Path(file).write_text(json.dumps(phones), encoding="utf-8")


def compare(file: str) -> None:
    """Print as JSON what of ``file`` is in the database, byte for byte."""
    sent = {one["id"]: one["body"].encode() for one in json.loads(Path(file).read_text())}
    kept = {str(one.record): one for one in Delivery.objects.all()}
    found = {
        "sent": len(sent),
        "kept": len(kept),
        "deliveries": Delivery.objects.count(),
        "same": sum(bytes(kept[key].body) == body for key, body in sent.items() if key in kept),
        "accepted": sum(one.state == "accepted" for one in kept.values()),
        "sessions": ObservationSession.objects.filter(status="closed", pk__in=sent).count(),
        "ratings": Rating.objects.count(),
        "reasons": sorted({one.reason for one in kept.values()}),
    }
    sys.stdout.write(json.dumps(found) + "\n")


def _people():
    """A room, a mentor and a caregiver for each phone, in one centre."""
    country = organisations.country()
    centre = country.here.centre
    rooms = [organisations.unit("room", centre, f"sala-{n}", age_group="LB") for n in range(PHONES)]
    people = {
        role: User.objects.bulk_create(
            User(email=f"{role}{n}@trenza.example", first_name=role, last_name=str(n))
            for n in range(PHONES)
        )
        for role in ("mentor", "caregiver")
    }
    since = datetime.date(2020, 1, 1)
    Post.objects.bulk_create(
        Post(user=user, unit=room, role=role, starts_on=since)
        for role, users in people.items()
        for user, room in zip(users, rooms, strict=True)
    )
    return rooms, people["mentor"], people["caregiver"]


def _instrument():
    """A checklist of sixty items in four domains, with the rules of the programme's own."""
    name = {"es": "Lista de sesenta", "en": "List of sixty"}
    domains = [{"code": f"D{n}", "name": name} for n in range(4)]
    items = [
        {
            "code": f"I{n:02}",
            "domain": f"D{n % 4}",
            "scale": "S",
            "kind": "scored",
            "text": name,
        }
        for n in range(ITEMS)
    ]
    content = {
        "rules": instruments.CHECKLIST_RULES,
        "domains": domains,
        "scales": [{"code": "S", "kind": "ordinal", "minimum": 0, "maximum": 3}],
        "items": items,
    }
    stored = instruments.store(
        content=content, code="sixty", kind=InstrumentKind.CHECKLIST, name=name
    )
    return instruments.publish(version=stored)
