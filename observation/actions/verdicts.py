"""How the codes of a round compare with the master codes."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from observation import policies
from observation.enums import ItemKind
from observation.models import ClipCode, ClipCoding, CodingRound, Item, MasterCode

NOT_APPLICABLE = math.nan


@dataclass(frozen=True)
class Pair:
    """Master and given code of one item in one clip; None where not applicable."""

    coding: ClipCoding
    item: Item
    master: MasterCode
    given: ClipCode

    @property
    def equal(self) -> bool:
        return self.master.value == self.given.value


def pairs(codings: Iterable[ClipCoding]) -> list[Pair]:
    """The scored items of ``codings``, each with its master code, in order."""
    codings = list(codings)
    masters = MasterCode.objects.filter(
        clip__in=[coding.clip_id for coding in codings], item__kind=ItemKind.SCORED
    ).select_related("item__domain", "item__scale")
    by_clip: dict[int, list[MasterCode]] = {}
    for master in masters.order_by("item__order"):
        by_clip.setdefault(master.clip_id, []).append(master)
    given = {
        (code.coding_id, code.item_id): code for code in ClipCode.objects.filter(coding__in=codings)
    }
    return [
        Pair(coding, master.item, master, given[coding.pk, master.item_id])
        for coding in codings
        for master in by_clip.get(coding.clip_id, [])
    ]


def alerts(codings: Iterable[ClipCoding]) -> dict[str, Any]:
    """Alerts that occur in the clips: how many, which were missed, and how many marks too many."""
    codings = list(codings)
    kind = {"item__kind": ItemKind.ALERT}
    masters = MasterCode.objects.filter(clip__in=[each.clip_id for each in codings], **kind)
    occurs = set(masters.values_list("clip", "item__code"))
    marks = ClipCode.objects.filter(coding__in=codings, **kind)
    marked = set(marks.values_list("coding__clip", "item__code"))
    return {
        "present": len(occurs),
        "missed": sorted(code for _clip, code in occurs - marked),
        "unfounded": len(marked - occurs),
    }


def compare(codings: Iterable[ClipCoding]) -> dict[str, Any]:
    """The "figures" (exact, within_one, kappa: estimates) and "alerts" of submitted ``codings``."""
    from measurement import agreement  # noqa: PLC0415 — pandas takes half a second to import

    codings = list(codings)
    compared = pairs(codings)
    figures = agreement.against_master(
        [_number(pair.master) for pair in compared], [_number(pair.given) for pair in compared]
    )
    return {"figures": figures, "alerts": alerts(codings)}


def of_test(round_: CodingRound) -> dict[str, Any]:
    """What a test that ends now has shown, gate by gate, ready for JSON."""
    codings = list(round_.codings.filter(submitted_at__isnull=False).order_by("number"))
    compared = compare(codings)
    figures, found = compared["figures"], compared["alerts"]
    complete = len(codings) == len(round_.draw["clips"])
    gates = policies.verdict(round_.gate, figures, len(found["missed"]), complete)
    return {
        "figures": {name: figure.as_dict() for name, figure in figures.items()},
        "alerts": found,
        "clips": len(codings),
        "gates": gates,
        "code_version": settings.VERSION,
    }


def _number(code: MasterCode | ClipCode) -> float:
    return NOT_APPLICABLE if code.value is None else float(code.value)
