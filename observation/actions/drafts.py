"""Drafts of instrument versions: begun and edited part by part.

Each edit reads the whole content, changes one part of it and keeps it by ``instruments.store``.
Two people who edit at once are told: ``known`` is the hash of the content that the editor saw.
"""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.refusals import Refusal
from observation import policies
from observation.actions import instruments
from observation.actions.instruments import Content
from observation.enums import InstrumentKind
from observation.models import Instrument, InstrumentVersion
from organisations.models import User

EMPTY: Content = {"rules": {"minimum_cycles": 1}, "domains": [], "scales": [], "items": []}
# The field of an item that names what it stands in or is answered on.
NAMED_BY = {"domains": "domain", "scales": "scale"}


def known(draft: InstrumentVersion) -> str:
    """The hash of what ``draft`` says now, to be handed back with an edit."""
    return instruments.content_hash(instruments.content_of(draft))


@transaction.atomic
def begin(*, code: str, name: dict[str, str], by: User) -> InstrumentVersion:
    """A new checklist ``code`` with an empty draft as its version 1."""
    if Instrument.objects.filter(code=code).exists():
        raise Refusal(_("An instrument has this code already. Choose another one."))
    return _store(EMPTY, code, name, 1, by)


@transaction.atomic
def begin_version(
    *, instrument: Instrument, source: InstrumentVersion | None, by: User
) -> InstrumentVersion:
    """The next version of ``instrument``: a copy of ``source``, or empty."""
    Instrument.objects.select_for_update().get(pk=instrument.pk)
    versions = list(instrument.versions.order_by("-number"))
    policies.has_no_draft(versions)
    content = EMPTY if source is None else instruments.content_of(source)
    return _store(
        content,
        instrument.code,
        instrument.name,
        max(version.number for version in versions) + 1,
        by,
    )


def set_rules(
    *, draft: InstrumentVersion, known: str, rules: dict[str, Any], by: User
) -> InstrumentVersion:
    return _edit(draft, known, lambda said: said | {"rules": said["rules"] | rules}, by)


def put(
    *, draft: InstrumentVersion, known: str, part: str, entry: Content, was: str = "", by: User
) -> InstrumentVersion:
    """Add ``entry`` to ``part`` ("domains", "scales", "items"), or change that with the code
    ``was`` into it; what ``entry`` does not name stays."""
    return _edit(draft, known, lambda said: _with(said, part, entry, was), by)


def move(
    *, draft: InstrumentVersion, known: str, part: str, code: str, up: bool, by: User
) -> InstrumentVersion:
    """One place up or down: a domain with its items, an item among those of its domain."""
    return _edit(draft, known, lambda said: _moved(said, part, code, -1 if up else 1), by)


def remove(
    *, draft: InstrumentVersion, known: str, part: str, code: str, by: User
) -> InstrumentVersion:
    """Take out an item; a domain or a scale only when no item needs it."""
    return _edit(draft, known, lambda said: _without(said, part, code), by)


@transaction.atomic
def _edit(
    draft: InstrumentVersion, known: str, change: Callable[[Content], Content], by: User
) -> InstrumentVersion:
    version = InstrumentVersion.objects.select_for_update().get(pk=draft.pk)
    policies.is_being_written(version)
    said = instruments.content_of(version)
    if instruments.content_hash(said) != known:
        raise Refusal(
            _(
                "Somebody changed this draft while you were writing. What you wrote stands here: "
                "look at the draft in another window, then save again."
            )
        )
    instrument = version.instrument
    return _store(change(said), instrument.code, instrument.name, version.number, by)


def _store(content: Content, code: str, name, number: int, by: User) -> InstrumentVersion:
    return instruments.store(
        content=content,
        code=code,
        kind=InstrumentKind.CHECKLIST,
        name=name,
        number=number,
        by=by,
    )


def _with(said: Content, part: str, entry: Content, was: str) -> Content:
    entries = list(said[part])
    codes = [each["code"] for each in entries]
    if entry["code"] != was and entry["code"] in codes:
        raise Refusal(_("“%(code)s” is taken in this version.") % {"code": entry["code"]})
    if not was:
        return _in_order(said | {part: [*entries, entry]})
    place = _place(codes, was)
    entries[place] = entries[place] | entry
    changed = said | {part: entries}
    if (field := NAMED_BY.get(part)) and entry["code"] != was:
        changed["items"] = [
            item | {field: entry["code"]} if item[field] == was else item for item in said["items"]
        ]
    return _in_order(changed)


def _moved(said: Content, part: str, code: str, step: int) -> Content:
    entries = list(said[part])
    place = _place([each["code"] for each in entries], code)
    places = range(len(entries))
    if part == "items":
        home = entries[place]["domain"]
        places = [i for i, each in enumerate(entries) if each["domain"] == home]  # type: ignore[assignment]  # either is a sequence of places
    other = places.index(place) + step
    if 0 <= other < len(places):
        entries[place], entries[places[other]] = entries[places[other]], entries[place]
    return _in_order(said | {part: entries})


def _without(said: Content, part: str, code: str) -> Content:
    entries = list(said[part])
    gone = entries.pop(_place([each["code"] for each in entries], code))
    field = NAMED_BY.get(part)
    if field and any(item[field] == gone["code"] for item in said["items"]):
        raise Refusal(
            _("“%(code)s” is used by items. Give them another one first, or remove them.")
            % {"code": code}
        )
    return said | {part: entries}


def _place(codes: list[str], code: str) -> int:
    if code not in codes:
        raise Refusal(_("“%(code)s” is not in this draft any more.") % {"code": code})
    return codes.index(code)


def _in_order(said: Content) -> Content:
    """Items by domain, as the form shows them; within a domain as they stood."""
    order = [domain["code"] for domain in said["domains"]]
    return said | {"items": sorted(said["items"], key=lambda item: order.index(item["domain"]))}
