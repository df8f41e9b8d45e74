"""Training clips: written as drafts with their master codes, published for good, retired."""

import hashlib
from collections.abc import Mapping
from typing import Any, TypedDict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.models import Film
from core import audit
from core.refusals import Refusal
from observation import policies
from observation.actions.instruments import content_hash
from observation.enums import ClipMedium, ClipStatus, ItemKind, RatingState
from observation.models import InstrumentVersion, Item, MasterCode, TrainingClip

TEXTS = ("title", "words")
PLAIN = ("code", "medium", "age_group", "moments", "level", "use", "consent")


class MasterEntry(TypedDict):
    """``value`` None: not applicable. Of an alert 1: it occurs."""

    value: int | None
    rationale: dict[str, str]


@transaction.atomic
def write(*, clip: TrainingClip, by) -> TrainingClip:
    """Keep ``clip``, new or a draft, as it now stands."""
    if clip.pk is not None:
        policies.clip_is_draft(_locked(clip))
    clip.save()
    audit.record("clips.write", clip, by=by, detail={"code": clip.code})
    return clip


@transaction.atomic
def set_codes(*, clip: TrainingClip, codes: Mapping[str, MasterEntry], by) -> TrainingClip:
    """Give a draft these master codes, by item code, in place of those it had."""
    clip = _locked(clip)
    policies.clip_is_draft(clip)
    items = {item.code: item for item in clip.version.items.all()}
    clip.master_codes.all().delete()
    MasterCode.objects.bulk_create(
        _master(clip, _item(items, code), entry) for code, entry in codes.items()
    )
    audit.record("clips.set_codes", clip, by=by, detail={"codes": len(codes)})
    return clip


@transaction.atomic
def load(*, entry: Mapping[str, Any], version: InstrumentVersion, by) -> TrainingClip:
    """Publish the written scene that ``entry`` tells of, as ``serializers.clip_file`` reads it.

    The same again changes nothing; other content under the code of a published clip is a Refusal.
    """
    texts = {name: {k: v.strip() for k, v in entry[name].items()} for name in TEXTS}
    plain = {name: entry[name] for name in PLAIN if name != "medium"}
    codes: dict[str, MasterEntry] = {
        code: {"value": told["value"], "rationale": {k: told[k] for k in ("es", "en")}}
        for code, told in entry["codes"].items()
    }
    known = TrainingClip.objects.filter(code=entry["code"]).first()
    if known is not None and known.status != ClipStatus.DRAFT:
        if content_of(known) != _content(version, texts, plain, codes):
            raise Refusal(
                _("“%(code)s” is published with other content. Load it under another code.")
                % {"code": known.code}
            )
        return reveal(clip=known, by=by) if entry["public"] else known
    clip = known or TrainingClip()
    for name, value in {"version": version, "medium": ClipMedium.SCENE, **texts, **plain}.items():
        setattr(clip, name, value)
    clip.public = entry["public"]
    set_codes(clip=write(clip=clip, by=by), codes=codes, by=by)
    return publish(clip=clip, by=by)


@transaction.atomic
def publish(*, clip: TrainingClip, by) -> TrainingClip:
    """Fix ``clip`` and its master codes for good. A published one stays as it is."""
    clip = _locked(clip)
    if clip.status == ClipStatus.PUBLISHED:
        return clip
    policies.clip_is_draft(clip)
    policies.version_is_published(clip.version)
    items = clip.version.items.select_related("scale").order_by("order")
    codes = {code.item_id: code for code in clip.master_codes.all()}
    policies.clip_is_complete(clip, items, codes)
    clip.content_hash = content_hash(content_of(clip))
    clip.published_at = timezone.now()
    clip.status = ClipStatus.PUBLISHED
    clip.save(update_fields=["content_hash", "published_at", "status"])
    audit.record("clips.publish", clip, by=by, detail={"hash": clip.content_hash})
    return clip


@transaction.atomic
def retire(*, clip: TrainingClip, by) -> TrainingClip:
    """No new round takes ``clip``; tests under way go on with it, and results stay."""
    clip = _locked(clip)
    policies.CLIP_MOVES.require(
        clip.status, ClipStatus.RETIRED, _("Only a published clip can be retired.")
    )
    clip.status = ClipStatus.RETIRED
    clip.save(update_fields=["status"])
    audit.record("clips.retire", clip, by=by)
    return clip


@transaction.atomic
def reveal(*, clip: TrainingClip, by) -> TrainingClip:
    """Say that the master codes of ``clip`` can be found by anybody; that is not undone."""
    clip = _locked(clip)
    if not clip.public:
        clip.public = True
        clip.save(update_fields=["public"])
        audit.record("clips.reveal", clip, by=by)
    return clip


def content_of(clip: TrainingClip) -> dict[str, Any]:
    """All that ``clip`` shows and what its codes are, as plain JSON types."""
    codes = clip.master_codes.select_related("item").order_by("item__order")
    return {
        "version": clip.version.content_hash,
        "film": _file_hash(clip.film) if clip.film else "",
        **{name: dict(getattr(clip, name)) for name in TEXTS},
        **{name: getattr(clip, name) for name in PLAIN},
        "codes": {code.item.code: [code.state, code.value, dict(code.rationale)] for code in codes},
    }


def _content(
    version: InstrumentVersion,
    texts: Mapping[str, Any],
    plain: Mapping[str, Any],
    codes: Mapping[str, MasterEntry],
) -> dict[str, Any]:
    """``content_of`` the scene that these make."""
    return {
        "version": version.content_hash,
        "film": "",
        "medium": ClipMedium.SCENE.value,
        **texts,
        **plain,
        "codes": {
            code: [_state(told), told["value"], told["rationale"]] for code, told in codes.items()
        },
    }


def _state(entry: MasterEntry) -> str:
    scored = entry["value"] is not None
    return RatingState.SCORED.value if scored else RatingState.NOT_APPLICABLE.value


def _file_hash(film: Film) -> str:
    with film.file.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _locked(clip: TrainingClip) -> TrainingClip:
    rows = TrainingClip.objects.select_for_update(of=("self",))
    return rows.select_related("version__instrument", "film").get(pk=clip.pk)


def _item(items: Mapping[str, Item], code: str) -> Item:
    if code not in items or items[code].kind == ItemKind.CONTEXT:
        raise Refusal(_("“%(code)s” is no item that is coded here.") % {"code": code})
    return items[code]


def _master(clip: TrainingClip, item: Item, entry: MasterEntry) -> MasterCode:
    return MasterCode(
        clip=clip,
        item=item,
        state=_state(entry),
        value=entry["value"],
        rationale=entry["rationale"],
    )
