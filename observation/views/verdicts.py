"""What a round has shown, in words: figures, gates, items beside their master codes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.fields import Translated
from core.templatetags.estimates import decimals, reason_words
from observation.actions.verdicts import Pair
from observation.enums import VerdictBasis
from observation.models import CodingRound

Text = str | Promise
FIGURES: dict[str, Text] = {
    "exact": _("Exact agreement"),
    "kappa": _("Quadratic kappa"),
    "within_one": _("Within one point"),
}


@dataclass(frozen=True)
class Gate:
    """One gate of a test: what it asks for, what was found, and whether that is enough."""

    label: Text
    asked: Text
    found: Text
    met: bool


def figures(result: Mapping[str, Any]) -> list[tuple[Text, dict[str, Any], Text]]:
    """(label, estimate, why it has no value or interval) of each figure of a result."""
    return [
        (label, result["figures"][name], reason_words(result["figures"][name]["reason"]))
        for name, label in FIGURES.items()
    ]


def gates(round_: CodingRound) -> list[Gate]:
    """The verdict of a finished test, gate by gate."""
    told = []
    for gate in round_.result["gates"]:
        name, asked, found = gate["gate"], gate["asked"], gate["found"]
        label: Text
        if name == "complete":
            drawn = len(round_.draw["clips"])
            label, asked, found = _("Clips handed in"), str(drawn), str(round_.result["clips"])
        elif name == "alerts":
            label = _("Alerts missed")
            asked = _("at most %(n)s") % {"n": asked}
            found = _("%(missed)s of %(present)s") % {
                "missed": found,
                "present": round_.result["alerts"]["present"],
            }
        else:
            label = FIGURES[name]
            asked = _("at least %(share)s") % {"share": decimals(asked)}
            reason = round_.result["figures"][name]["reason"]
            found = reason_words(reason) if found is None else decimals(found)
        told.append(Gate(label, asked, found, gate["met"]))
    return told


def basis(round_: CodingRound) -> Text:
    """What was held against the gates of a test, in words."""
    return VerdictBasis(round_.gate["basis"]).label


@dataclass
class ItemAgreement:
    """How the codes of one item compare with the master codes, over clips and observers."""

    code: str
    text: Text
    n: int = 0
    equal: int = 0
    lower: int = 0
    higher: int = 0
    applicability: int = 0  # not applicable on one side alone
    share: dict[str, Any] = field(default_factory=dict)

    def add(self, master: int | None, given: int | None, n: int) -> None:
        self.n += n
        if master == given:
            self.equal += n
        elif master is None or given is None:
            self.applicability += n
        elif given < master:
            self.lower += n
        else:
            self.higher += n


def by_item(counts: Iterable[Mapping[str, Any]]) -> list[ItemAgreement]:
    """Rows of ``queries.confusion`` by item, those that agree least first."""
    from measurement.indicators import share  # noqa: PLC0415 — scipy takes its time to import

    items: dict[str, ItemAgreement] = {}
    for row in counts:
        code = row["item__code"]
        item = items.setdefault(code, ItemAgreement(code, str(Translated(row["item__text"]))))
        item.add(row["master"], row["value"], row["n"])
    for item in items.values():
        item.share = share(item.equal, item.n).as_dict()
    return sorted(items.values(), key=lambda item: item.share["value"])


def matrix(counts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Master codes (rows) by given codes (columns), counted over all items."""
    cells: dict[tuple[int | None, int | None], int] = {}
    for row in counts:
        key = (row["master"], row["value"])
        cells[key] = cells.get(key, 0) + row["n"]
    values = sorted({value for pair in cells for value in pair if value is not None})
    steps: list[int | None] = [*values, None]
    heads = [str(value) for value in values] + [_("N/A")]
    rows = [
        (head, [cells.get((master, given), 0) for given in steps])
        for head, master in zip(heads, steps, strict=True)
    ]
    return {"heads": heads, "rows": rows}


def side_by_side(pairs: Iterable[Pair]) -> list[dict[str, Any]]:
    """Each item of a practice: her code, the master code, why, and how far they are apart."""
    return [
        {
            "item": pair.item,
            "given": pair.item.told(pair.given.state, pair.given.value),
            "master": pair.item.told(pair.master.state, pair.master.value),
            "note": pair.given.note,
            "rationale": pair.master.rationale,
            "anchor": Translated(pair.item.anchors.get(str(pair.master.value)) or {}),
            "status": _status(pair.master.value, pair.given.value),
        }
        for pair in pairs
    ]


def _status(master: int | None, given: int | None) -> tuple[str, Text]:
    if master == given:
        return "good", _("the same")
    if master is None or given is None:
        return "problem", _("applies or not")
    if abs(master - given) == 1:
        return "caution", _("one point apart")
    return "problem", _("more than one point apart")
