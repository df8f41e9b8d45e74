"""What phones send: envelopes with sessions of the checklist in them, and the phone itself."""

import hashlib
import json
import uuid
from io import BytesIO

from django.test import Client
from django.utils import timezone
from PIL import Image

from fieldwork.models import Delivery
from observation.models import InstrumentVersion
from organisations.models import Unit, User
from tests.factories import observation, organisations

DEVICE = "11111111-1111-4111-8111-111111111111"


def canonical(value) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def cycle(version: InstrumentVersion, age_group: str, number: int, value=2, **fields) -> dict:
    """One cycle with ``value`` for each item that applies, as a phone writes it."""
    moments = observation.ROUTINE if number == 1 else observation.PLAY
    return {
        "number": number,
        "moments": moments,
        "started_at": f"{9 + number:02}:00:00",
        "ended_at": f"{9 + number:02}:18:00",
        "minutes_reason": "",
        "context": {},
        "pauses": [],
        "notes": [],
        "ratings": {
            item.code: {"state": "scored", "value": value, "note": "", "marks": []}
            for item in version.items.filter(kind="scored")
            if item.applies(age_group, moments)
        },
    } | fields


def session(
    room: Unit,
    caregiver: User | None = None,
    value=2,
    version: InstrumentVersion | None = None,
    **fields,
) -> dict:
    """The content of a record ``observation.session`` that can be closed."""
    version = version or InstrumentVersion.objects.filter(status="published").first()
    version = version or observation.checklist()
    caregiver = caregiver or organisations.person("caregiver", room)
    return {
        "room": room.code,
        "caregiver": caregiver.pk,
        "purpose": "formative",
        "observed_on": str(timezone.localdate()),
        "age_group": room.age_group,
        "instrument": {
            "code": version.instrument.code,
            "version": version.number,
            "hash": version.content_hash,
        },
        "appointment": "",
        "leave_missing": False,
        "cycles": [cycle(version, room.age_group, number, value) for number in (1, 2)],
    } | fields


def picture(form="JPEG", **save) -> bytes:
    """A small picture of noise."""
    out = BytesIO()
    Image.effect_noise((64, 48), 60).convert("RGB").save(out, form, **save)
    return out.getvalue()


def pictured(content: bytes, **fields) -> dict:
    """What a session says of the picture ``content``."""
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "shows": "The reading corner",
        "agreed_by": "The director",
        "no_child": True,
    } | fields


def envelope(by: User, content: dict, kind="observation.session", **fields) -> dict:
    now = timezone.now().isoformat()
    return {
        "kind": kind,
        "id": str(uuid.uuid4()),
        "by": by.pk,
        "device": DEVICE,
        "made_at": now,
        "closed_at": now,
        "content": content,
    } | fields


def held(room: Unit, by: User | None = None, **fields) -> Delivery:
    """A session that is held: it leaves items unanswered and does not say that it means to."""
    by = by or organisations.person("mentor", room.get_parent())
    content = session(room, **fields)
    del content["cycles"][0]["ratings"]["CAL2"]
    record = envelope(by, content)
    assert Phone(by).put(record).json()["state"] == "held"
    return Delivery.objects.get(record=record["id"])


def held_alert(room: Unit) -> Delivery:
    """An alert that names no alert of any published version."""
    by = organisations.person("mentor", room.get_parent())
    content = {
        "session": str(uuid.uuid4()),
        "room": room.code,
        "cycle": 1,
        "item": "ALE99",
        "instrument": {"code": "checklist", "version": 1, "hash": "0" * 64},
        "happened_at": "2026-11-25T10:02:05Z",
        "description": "Invented fact",
    }
    record = envelope(by, content, kind="observation.alert")
    assert Phone(by).put(record).json()["state"] == "held"
    return Delivery.objects.get(record=record["id"])


class Phone:
    """A browser that is signed in and sends records."""

    def __init__(self, user: User | None = None, *, csrf: bool = False):
        self.browser = Client(enforce_csrf_checks=csrf, headers={"accept-language": "en"})
        if user is not None:
            self.browser.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")

    def put(self, record: dict, body: bytes | None = None, **headers):
        """Send ``record``, as ``body`` if that is given."""
        body = canonical(record) if body is None else body
        return self.browser.put(
            f"/api/field/records/{record['kind']}/{record['id']}/",
            body,
            content_type="application/json",
            headers={"X-Content-SHA256": hashlib.sha256(body).hexdigest()} | headers,
        )

    def upload(self, content: bytes, offset=0, name="", **headers):
        """Send a part of a picture, by default the whole."""
        name = name or hashlib.sha256(content).hexdigest()
        return self.browser.patch(
            f"/api/field/blobs/{name}/",
            content,
            content_type="application/offset+octet-stream",
            headers={"Upload-Offset": str(offset)} | headers,
        )

    def ask(self, record: dict, sha256: str = ""):
        """What became of ``record``."""
        query = f"?sha256={sha256}" if sha256 else ""
        return self.browser.get(f"/api/field/records/{record['kind']}/{record['id']}/{query}")
