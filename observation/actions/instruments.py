"""Instruments and their versions: content goes in as one whole, is hashed and stays."""

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.fields import Translated
from core.refusals import Refusal
from observation import policies
from observation.actions import checklists
from observation.enums import LATER_RULES, RULES, InstrumentKind, VersionStatus
from observation.models import Domain, Instrument, InstrumentVersion, Item, Scale

Content = dict[str, Any]
SCALE = ("code", "kind", "minimum", "maximum", "options")
ITEM_TEXTS = ("text", "na_rule", "note")
ITEM_PLAIN = ("code", "kind", "anchors", "age_groups", "moments", "na_allowed", "critical")
ITEM_AGES = ("age_min_months", "age_max_months")

# The programme's checklist (docs: "a session is at least two cycles of 15 to 20 minutes").
# Kept with the version, so that a programme changes them by publishing another one.
CHECKLIST_RULES = {
    "minimum_cycles": 2,
    "cycle_minutes": 15,
    "cycle_minutes_most": 20,
    "minimum_answered": "0.60",
}
CHECKLIST_NAME = {"es": "Lista de chequeo", "en": "Observation checklist"}


def load(rows, *, code: str = "checklist", number: int = 1, by=None) -> InstrumentVersion:
    """Load the rows of a checklist file as version ``number`` of the instrument ``code``.

    ``rows``: dicts by column name, as csv.DictReader gives them; row 2 is the first. The same
    content again changes nothing. Raises ``checklists.InvalidRows`` with every problem found by
    row and column, and Refusal when the version is published with other content.
    """
    content = checklists.parse(rows) | {"rules": CHECKLIST_RULES}
    return store(
        content=content,
        code=code,
        kind=InstrumentKind.CHECKLIST,
        name=CHECKLIST_NAME,
        number=number,
        by=by,
    )


@transaction.atomic
def store(
    *, content: Content, code: str, kind: str, name: dict[str, str], number: int = 1, by=None
) -> InstrumentVersion:
    """Keep ``content`` as version ``number`` (a draft until published) of the instrument ``code``.

    ``content``: {"rules", "domains", "scales", "items"} as ``content_of`` gives it. A draft is
    replaced; a published version with the same content is returned as it is; with other content
    Refusal says to load a new version.
    """
    content = canonical(content)
    instrument, _new = Instrument.objects.get_or_create(
        code=code, defaults={"kind": kind, "name": name}
    )
    version = instrument.versions.select_for_update().filter(number=number).first()
    if version is not None:
        if content_of(version) == content:
            return version
        if version.status != VersionStatus.DRAFT:
            raise Refusal(
                _(
                    "Version %(number)s of “%(name)s” is published and its content differs. "
                    "A published version never changes: load this file as a new version, "
                    "for example number %(next)s."
                )
                % {
                    "number": number,
                    "name": instrument,
                    "next": instrument.versions.order_by("-number")[0].number + 1,
                }
            )
        version.items.all().delete()
        version.scales.all().delete()
        version.domains.all().delete()
        InstrumentVersion.objects.filter(pk=version.pk).update(**LATER_RULES | content["rules"])
        version.refresh_from_db()
    else:
        version = instrument.versions.create(number=number, **content["rules"])
    _fill(version, content)
    audit.record(
        "instruments.store", version, by=by, detail={"code": code, "items": len(content["items"])}
    )
    return version


@transaction.atomic
def publish(
    *,
    version: InstrumentVersion,
    reason: Mapping[str, str] | None = None,
    known="",
    since: datetime.date | None = None,
    by=None,
) -> InstrumentVersion:
    """Fix ``version`` for good: hash its content and date it. A published one stays as it is.

    ``reason``: why the programme needs it. ``known``: the hash of what was read before; if the
    draft says something else by now, Refusal. ``since``: the day of its publication where that was
    before it came here; today by default.
    """
    version = InstrumentVersion.objects.select_for_update().get(pk=version.pk)
    if version.status == VersionStatus.PUBLISHED:
        return version
    if version.status == VersionStatus.RETIRED:
        raise Refusal(_("This version is retired. Load its content as a new version."))
    if not version.items.exists():
        raise Refusal(_("A version without items cannot be published. Load its items first."))
    if version.instrument.kind == InstrumentKind.CHECKLIST:
        items = version.items.select_related("domain", "scale").order_by("order")
        policies.checklist_is_whole(version, items)
    version.content_hash = content_hash(content_of(version))
    if known and known != version.content_hash:
        raise Refusal(
            _("Somebody changed this draft after you opened it. Read it again, then publish.")
        )
    version.published_at = timezone.now()
    if since is not None:
        if since > timezone.localdate():
            raise Refusal(_("A version cannot have been published on a day still to come."))
        midnight = datetime.datetime.combine(since, datetime.time.min)
        version.published_at = timezone.make_aware(midnight)
    version.status = VersionStatus.PUBLISHED
    version.reason = Translated(reason or {})
    version.save(update_fields=["content_hash", "published_at", "status", "reason"])
    audit.record("instruments.publish", version, by=by, detail={"hash": version.content_hash})
    return version


@transaction.atomic
def retire(*, version: InstrumentVersion, by=None) -> InstrumentVersion:
    """No new sessions with ``version``; what was recorded with it stays."""
    if version.status != VersionStatus.PUBLISHED:
        raise Refusal(_("Only a published version can be retired."))
    version.status = VersionStatus.RETIRED
    version.save(update_fields=["status"])
    audit.record("instruments.retire", version, by=by)
    return version


@transaction.atomic
def discard(*, version: InstrumentVersion, by=None) -> None:
    """Delete a draft, and its instrument with it where it was the only version."""
    version = InstrumentVersion.objects.select_for_update().get(pk=version.pk)
    policies.is_being_written(version)
    instrument = version.instrument
    audit.record("instruments.discard", version, by=by, detail={"code": instrument.code})
    version.items.all().delete()
    version.delete()
    if not instrument.versions.exists():
        instrument.delete()


def content_hash(content: Content) -> str:
    """SHA-256 of ``content`` as JSON with sorted keys, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def content_of(version: InstrumentVersion) -> Content:
    """What ``version`` says and how it is scored, as plain JSON types; items in their order."""
    return contents_of([version])[version.pk]


def contents_of(versions: Iterable[InstrumentVersion]) -> dict[int, Content]:
    """``content_of`` each of ``versions`` by id, in three queries."""
    said: dict[int, Content] = {
        version.pk: {
            "rules": {name: getattr(version, name) for name in (*RULES, *LATER_RULES)},
            "domains": [],
            "scales": [],
            "items": [],
        }
        for version in versions
    }
    for domain in Domain.objects.filter(version__in=said).order_by("order"):
        said[domain.version_id]["domains"].append({"code": domain.code, "name": domain.name})
    for scale in Scale.objects.filter(version__in=said):
        row = {name: getattr(scale, name) for name in SCALE}
        said[scale.version_id]["scales"].append(row)
    items = Item.objects.filter(version__in=said).select_related("domain", "scale")
    for item in items.order_by("order"):
        plain = {name: getattr(item, name) for name in ITEM_TEXTS + ITEM_PLAIN + ITEM_AGES}
        own = {"domain": item.domain.code, "scale": item.scale.code, "weight": item.weight}
        said[item.version_id]["items"].append(own | plain)
    return {pk: canonical(content) for pk, content in said.items()}


def canonical(content: Content) -> Content:
    """``content`` in plain types, so that what was parsed equals what comes from the database."""
    rules = dict.fromkeys(RULES) | content["rules"]
    rules = {k: v for k, v in rules.items() if k not in LATER_RULES or v != LATER_RULES[k]}
    return {
        "rules": rules | {"minimum_answered": f"{float(rules['minimum_answered'] or 0.6):.2f}"},
        "domains": [
            {"code": domain["code"], "name": dict(domain["name"])} for domain in content["domains"]
        ],
        "scales": sorted(
            map(canonical_scale, content["scales"]),
            key=lambda scale: scale["code"],
        ),
        "items": [_canonical_item(item) for item in content["items"]],
    }


def canonical_scale(scale: Content) -> Content:
    """A scale in plain types, with all that it may say."""
    return {
        "code": scale["code"],
        "kind": str(scale["kind"]),
        "minimum": scale.get("minimum"),
        "maximum": scale.get("maximum"),
        "options": scale.get("options") or [],
    }


def _canonical_item(item: Content) -> Content:
    return {
        "domain": item["domain"],
        "scale": item["scale"],
        "code": item["code"],
        "kind": str(item["kind"]),
        **{name: dict(item.get(name) or {}) for name in (*ITEM_TEXTS, "anchors")},
        **{
            name: [str(code) for code in item.get(name) or []] for name in ("age_groups", "moments")
        },
        **{name: item.get(name) for name in ITEM_AGES},
        **{name: bool(item.get(name, False)) for name in ("na_allowed", "critical")},
        "weight": f"{float(item.get('weight', 1)):.2f}",
    }


def _fill(version: InstrumentVersion, content: Content) -> None:
    domains = {
        domain["code"]: Domain(version=version, order=order, **domain)
        for order, domain in enumerate(content["domains"], start=1)
    }
    scales = {scale["code"]: Scale(version=version, **scale) for scale in content["scales"]}
    Domain.objects.bulk_create(domains.values())
    Scale.objects.bulk_create(scales.values())
    Item.objects.bulk_create(
        Item(
            version=version,
            order=order,
            **item | {"domain": domains[item["domain"]], "scale": scales[item["scale"]]},
        )
        for order, item in enumerate(content["items"], start=1)
    )
