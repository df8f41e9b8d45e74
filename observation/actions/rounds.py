"""Coding rounds: practice on one clip at a time, and tests on clips that were drawn."""

import datetime
import secrets
import uuid
from collections.abc import Mapping
from typing import Any, TypedDict

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.refusals import Refusal
from observation import policies
from observation.actions import certificates, verdicts
from observation.actions.cycles import RatingEntry
from observation.enums import ClipUse, ItemKind, RatingState
from observation.models import (
    CertificationGate,
    ClipCode,
    ClipCoding,
    CodingRound,
    InstrumentVersion,
    Item,
    TrainingClip,
)
from observation.queries import certification
from organisations.models import User


class Answers(TypedDict):
    """What an observer says of a clip: every item that applies, and the alerts that she saw."""

    ratings: Mapping[str, RatingEntry]
    alerts: list[str]


def practise(
    *,
    clip: TrainingClip,
    answers: Answers,
    by: User,
    id: uuid.UUID,  # noqa: A002 — the client's name for it
) -> CodingRound:
    """Code a practice clip; may be repeated. The same ``id`` and answers give the same round."""
    policies.may_observe(by)
    policies.clip_is_for_practice(clip)
    try:
        with transaction.atomic():
            round_ = CodingRound.objects.create(
                id=id, observer=by, version=clip.version, use=ClipUse.PRACTICE
            )
            coding = ClipCoding.objects.create(round=round_, clip=clip, number=1)
            _keep(coding, answers)
            round_.finished_at = timezone.now()
            compared = verdicts.compare([coding])
            figures = {name: one.as_dict() for name, one in compared["figures"].items()}
            round_.result = {"figures": figures, "alerts": compared["alerts"]}
            round_.save(update_fields=["finished_at", "result"])
            audit.record("rounds.practise", round_, by=by, detail={"clip": clip.code})
    except IntegrityError as error:  # the form was sent twice
        known = CodingRound.objects.filter(pk=id, observer=by, codings__clip=clip).first()
        if known is None:
            raise Refusal(
                _("This form belongs to another practice. Open the clip again.")
            ) from error
        return known
    return round_


@transaction.atomic
def begin_test(*, version: InstrumentVersion, by: User, seed: int | None = None) -> CodingRound:
    """Draw clips for a test of ``by``; the one that she has open, if any, is given back.

    ``seed`` is kept with the frame, so that anybody can draw again; by default nobody chose it.
    """
    policies.may_observe(by)
    # Who begins twice at once waits here for her own row.
    User.objects.select_for_update().get(pk=by.pk)
    if open_ := certification.open_test(by, version):
        return open_
    gate, frame = may_begin(version=version, by=by)
    seed = secrets.randbits(48) if seed is None else seed
    drawn = policies.draw(frame, gate.clips, seed)
    now = timezone.now()
    round_ = CodingRound.objects.create(
        observer=by,
        version=version,
        use=ClipUse.TEST,
        draw={"seed": seed, "frame": [each.as_dict() for each in frame], "clips": drawn},
        gate=gate.values(),
        started_at=now,
        deadline=now + datetime.timedelta(minutes=gate.minutes) if gate.minutes else None,
    )
    ClipCoding.objects.bulk_create(
        ClipCoding(round=round_, clip=clip, number=drawn.index(clip.code) + 1)
        for clip in TrainingClip.objects.filter(code__in=drawn)
    )
    audit.record("rounds.begin_test", round_, by=by, detail={"seed": seed, "clips": drawn})
    return round_


def may_begin(
    *, version: InstrumentVersion, by: User
) -> tuple[CertificationGate, list[policies.Drawable]]:
    """The gate and the clips for a test of ``by``; Refusal says why there is none today."""
    today = timezone.localdate()
    gate = certification.gate_of(version.instrument)
    policies.version_is_published(version)
    policies.renewal_is_due(certification.held_by(by, version, today), gate, today)
    policies.wait_is_over(certification.last_failed(by, version), today)
    frame = [
        policies.Drawable(
            clip["code"], clip["content_hash"], clip["level"], clip["alerts"] > 0, clip["seen"]
        )
        for clip in certification.test_clips(version, by)
    ]
    policies.enough_clips(frame, gate.clips)
    return gate, frame


@transaction.atomic
def submit(*, coding: ClipCoding, answers: Answers, by: User) -> CodingRound:
    """Hand in the codes of one clip of a test; the last one ends it with its verdict.

    The same codes again are accepted; others Refusal. After the deadline the test ends without
    them.
    """
    round_ = _locked(coding.round)
    policies.round_is_her_own(round_, by)
    coding = round_.codings.select_related("clip__version").get(pk=coding.pk)
    if coding.submitted_at is not None:
        if not _same(coding, answers):
            raise Refusal(_("You handed in this clip already; its codes stay as they were."))
        return round_
    if round_.finished_at is not None or not policies.is_in_time(round_):
        return _finish(round_)
    _keep(coding, answers)
    audit.record("rounds.submit", round_, by=by, detail={"number": coding.number})
    if not round_.codings.filter(submitted_at=None).exists():
        return _finish(round_)
    return round_


@transaction.atomic
def finish_overdue(*, round_: CodingRound) -> CodingRound:
    """End a test whose time ran out, with what was handed in; another stays as it is."""
    round_ = _locked(round_)
    return round_ if policies.is_in_time(round_) else _finish(round_)


def finish_all_overdue() -> int:
    """End every test whose time ran out; how many that were."""
    late = CodingRound.objects.filter(finished_at=None, deadline__lte=timezone.now())
    return sum(bool(finish_overdue(round_=round_).finished_at) for round_ in late)


def _finish(round_: CodingRound) -> CodingRound:
    if round_.finished_at is not None:
        return round_
    drawn = round_.codings.order_by("number").values_list("clip__code", "clip__content_hash")
    policies.draw_is_untouched(list(drawn), round_)
    round_.result = verdicts.of_test(round_)
    round_.passed = all(gate["met"] for gate in round_.result["gates"])
    round_.finished_at = timezone.now()
    round_.save(update_fields=["result", "passed", "finished_at"])
    audit.record("rounds.finish", round_, by=round_.observer, detail={"passed": round_.passed})
    if round_.passed:
        certificates.issue(round_=round_)
    return round_


def _keep(coding: ClipCoding, answers: Answers) -> None:
    ClipCode.objects.bulk_create(_rows(coding, answers))
    coding.submitted_at = timezone.now()
    coding.save(update_fields=["submitted_at"])


def _rows(coding: ClipCoding, answers: Answers) -> list[ClipCode]:
    """The codes as rows; Refusal for the first that is missing or does not fit."""
    clip = coding.clip
    items = {item.code: item for item in clip.version.items.select_related("scale")}
    wanted = {
        item.code
        for item in items.values()
        if item.kind == ItemKind.SCORED and item.applies(clip.age_group, clip.moments)
    }
    given = answers["ratings"]
    if missing := sorted(wanted - set(given), key=lambda code: items[code].order):
        raise Refusal(
            _("Give each item a code. Missing: %(items)s.") % {"items": ", ".join(missing)}
        )
    if unknown := sorted(set(given) - wanted):
        raise Refusal(_("“%(code)s” is no item that is coded here.") % {"code": unknown[0]})
    rows = [_row(coding, items[code], entry) for code, entry in given.items()]
    for code in dict.fromkeys(answers["alerts"]):
        if code not in items or items[code].kind != ItemKind.ALERT:
            raise Refusal(_("“%(code)s” is not a treatment alert.") % {"code": code})
        rows.append(
            ClipCode(coding=coding, item=items[code], state=RatingState.SCORED.value, value=1)
        )
    return rows


def _row(coding: ClipCoding, item: Item, entry: RatingEntry) -> ClipCode:
    note = entry.get("note", "")
    if entry["state"] == RatingState.NOT_APPLICABLE:
        policies.not_applicable_is_allowed(item, note)
        return ClipCode(coding=coding, item=item, state=entry["state"], note=note)
    policies.value_fits(item, entry.get("value"))
    return ClipCode(
        coding=coding,
        item=item,
        state=RatingState.SCORED.value,
        value=entry["value"],
        note=note,
    )


def _same(coding: ClipCoding, answers: Answers) -> bool:
    def told(rows: list[ClipCode]) -> set[tuple[Any, ...]]:
        return {(row.item_id, row.state, row.value, row.note) for row in rows}

    return told(_rows(coding, answers)) == told(list(coding.codes.all()))


def _locked(round_: CodingRound) -> CodingRound:
    rows = CodingRound.objects.select_for_update(of=("self",))
    return rows.select_related("observer", "version__instrument").get(pk=round_.pk)
