"""What a clip needs to be published, an observer to be tested, and a test to be passed."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.refusals import Refusal
from core.states import Moves
from measurement.estimates import Estimate, Reason
from observation.enums import ClipStatus, ClipUse, ItemKind, RatingState, VerdictBasis
from observation.models import (
    Certificate,
    CertificationGate,
    CodingRound,
    Item,
    MasterCode,
    TrainingClip,
)
from observation.policies.draft import not_applicable_is_allowed, value_fits
from organisations import jurisdiction

CLIP_MOVES = Moves(
    name="training_clip",
    title="A training clip with its master codes",
    start=ClipStatus.DRAFT.value,
    moves={
        ClipStatus.DRAFT.value: {ClipStatus.PUBLISHED.value: "publish"},
        ClipStatus.PUBLISHED.value: {ClipStatus.RETIRED.value: "retire"},
        ClipStatus.RETIRED.value: {},
    },
)
GATES = ("exact", "kappa", "within_one")


def clip_is_draft(clip: TrainingClip) -> None:
    CLIP_MOVES.require(
        clip.status,
        ClipStatus.PUBLISHED,
        _("“%(clip)s” is published: results refer to its codes, so they stay. Retire it instead.")
        % {"clip": clip},
    )


def clip_is_complete(
    clip: TrainingClip, items: Iterable[Item], codes: Mapping[int, MasterCode]
) -> None:
    """Words, consent and, with its rationale, a fitting code for each item that applies."""
    if not clip.words.get("es", "").strip():
        raise Refusal(_("Write the scene, or the transcript of the film, in Spanish at least."))
    if not clip.consent.strip():
        raise Refusal(_("Say who agreed to be shown, or who wrote the scene."))
    for item in items:
        code = codes.get(item.pk)
        if item.kind == ItemKind.SCORED and item.applies(clip.age_group, clip.moments):
            if code is None:
                raise Refusal(_("%(item)s has no master code yet.") % {"item": item.code})
            if code.state == RatingState.NOT_APPLICABLE:
                not_applicable_is_allowed(item, str(code.rationale))
            else:
                value_fits(item, code.value)
        elif code is not None and item.kind == ItemKind.SCORED:
            raise Refusal(
                _("%(item)s does not apply at this age and these moments: take its code out.")
                % {"item": item.code}
            )
        if code is not None and not code.rationale.get("es", "").strip():
            raise Refusal(_("%(item)s: say in Spanish why this is its code.") % {"item": item.code})


def clip_is_for_practice(clip: TrainingClip) -> None:
    if clip.status != ClipStatus.PUBLISHED or clip.use != ClipUse.PRACTICE:
        raise Refusal(_("“%(clip)s” is not open for practice.") % {"clip": clip})


def may_observe(person) -> None:
    if "observation.record" not in jurisdiction.permissions(person):
        raise Refusal(_("You hold no post that lets you observe. Ask your coordinator for one."))


def round_is_her_own(round_: CodingRound, person) -> None:
    if round_.observer_id != person.pk:
        raise Refusal(_("Only the person who is tested may code these clips."))


def wait_is_over(failed: CodingRound | None, today: datetime.date) -> None:
    """After a test that was not passed, some days of practice come first."""
    if failed is None or failed.finished_on is None:
        return
    again = failed.finished_on + datetime.timedelta(days=failed.gate["wait_days"])
    if today < again:
        raise Refusal(
            _("You can take the test again from %(day)s. Until then, practise.")
            % {"day": date_format(again, "DATE_FORMAT")}
        )


def renewal_is_due(held: Certificate | None, gate: CertificationGate, today: datetime.date) -> None:
    """A certificate is renewed in the weeks before its end, not at any time."""
    if held is None:
        return
    opens = held.valid_until - datetime.timedelta(days=max(gate.reminder_days, default=0))
    if today < opens:
        raise Refusal(
            _("You are certified until %(until)s. You can renew from %(opens)s.")
            % {
                "until": date_format(held.valid_until, "DATE_FORMAT"),
                "opens": date_format(opens, "DATE_FORMAT"),
            }
        )


def is_in_time(round_: CodingRound, now: datetime.datetime | None = None) -> bool:
    return round_.deadline is None or (now or timezone.now()) < round_.deadline


def draw_is_untouched(drawn: Collection[tuple[str, str]], round_: CodingRound) -> None:
    """The clips (code, hash) of the test are those that the draw recorded."""
    hashes = {clip["code"]: clip["hash"] for clip in round_.draw["frame"]}
    if list(drawn) != [(code, hashes[code]) for code in round_.draw["clips"]]:
        raise Refusal(_("The clips of this test are not those that were drawn for it. Report it."))


def verdict(
    gate: Mapping[str, Any], figures: Mapping[str, Estimate], missed: int, complete: bool
) -> list[dict[str, Any]]:
    """Each gate with what it asks for, what was found, and whether that is enough.

    A figure that could not be computed meets no gate. Held against the lower end, a kappa of
    perfect agreement counts as it is: it has no interval because nothing disagreed.
    """
    found = {name: _held(figures[name], gate["basis"]) for name in GATES}
    gates: list[dict[str, Any]] = [
        {
            "gate": name,
            "asked": gate[name],
            "found": found[name],
            "met": found[name] is not None and found[name] >= gate[name],
        }
        for name in GATES
    ]
    gates.append(
        {
            "gate": "alerts",
            "asked": gate["alerts_missed"],
            "found": missed,
            "met": missed <= gate["alerts_missed"],
        }
    )
    return [*gates, {"gate": "complete", "asked": True, "found": complete, "met": complete}]


def _held(figure: Estimate, basis: str) -> float | None:
    if basis == VerdictBasis.VALUE or figure.reason == Reason.PERFECT_AGREEMENT:
        return figure.value
    return figure.low


def certificate_stands(certificate: Certificate) -> None:
    if hasattr(certificate, "revocation"):
        raise Refusal(_("This certificate was revoked already."))


def revocation_has_reason(certificate: Certificate, reason: str, since: datetime.date) -> None:
    if not reason.strip():
        raise Refusal(_("Say why the certificate is revoked."))
    if not certificate.issued_on <= since <= certificate.valid_until:
        raise Refusal(_("A certificate is revoked from a day within its validity."))
