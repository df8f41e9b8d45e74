"""How one item is asked in a form: its question or questions, by the kind of its scale."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from observation.enums import ItemKind, ScaleKind
from observation.serializers.xlsform import labels, relevance, sheets
from observation.serializers.xlsform.labels import BY_CHOICE
from observation.serializers.xlsform.relevance import Applies
from observation.serializers.xlsform.words import NA, NO, YES, in_all

Row = dict[str, str]
Choices = Iterable[tuple[str, dict[str, str]]]
FRAME = {"trenza::role": "frame"}
TYPES = {ScaleKind.INTEGER: "integer", ScaleKind.TEXT: "text"}
PAIRS = {ScaleKind.INTEGER_PAIR: "integer", ScaleKind.TIME_RANGE: "time"}


@dataclass(frozen=True)
class Asking:
    """An item with what its rows depend on; ``moments`` is "" where they are not asked."""

    item: dict[str, Any]
    scale: dict[str, Any]
    name: str
    moments: str
    age_group: str
    segments: list[dict[str, Any]]

    def rows(
        self, new: Callable[[str], str], new_list: Callable[[str, Choices], str]
    ) -> Iterator[Row]:
        """The rows of the sheet survey; ``new`` gives a free name, ``new_list`` keeps choices."""
        kind = self.scale["kind"]
        if kind in BY_CHOICE:
            yield self._question(f"select_one {new_list(self._list_name(), self._choices())}")
            yield from self._beside_a_choice(new)
        elif kind in TYPES:
            by_hand = new(f"{self.name}_na") if self.item["na_allowed"] else ""
            if by_hand:
                yield self._frame("text", by_hand, in_all(_("Only if not applicable: why?")))
            yield self._question(TYPES[kind], unless=by_hand) | self._bounds()
        else:
            yield self._question("begin group")
            yield from self._parts(kind, new, new_list)
            yield {"type": "end group", **FRAME}

    def _question(self, kind: str, unless: str = "") -> Row:
        item = self.item
        applies = Applies(item["age_groups"], item["moments"])
        tests = [relevance.write(applies, age_group=self.age_group, moments=self.moments)]
        tests += [f"${{{unless}}} = ''"] if unless else []
        return (
            {"type": kind, "name": self.name}
            | sheets.texts("label", item["text"])
            | sheets.texts("hint", item["note"])
            | sheets.texts("guidance_hint", item["na_rule"])
            | {"relevant": " and ".join(filter(None, tests))}
            | self._carried()
        )

    def _carried(self) -> Row:
        """What only our own columns can say."""
        item = self.item
        row = {"trenza::role": "item"} | {
            f"trenza::{name}": str(item[name]) for name in ("code", "kind", "scale", "weight")
        }
        row |= {f"trenza::{name}": "yes" for name in ("critical",) if item[name]}
        for name in ("age_min_months", "age_max_months"):
            row |= {f"trenza::{name}": str(item[name])} if item[name] is not None else {}
        if self.scale["kind"] not in BY_CHOICE:
            row |= {"trenza::na_allowed": "yes"} if item["na_allowed"] else {}
            known = json.dumps(item["anchors"], ensure_ascii=False, sort_keys=True)
            row |= {"trenza::anchors": known} if item["anchors"] else {}
        if item["moments"] and not self.moments:
            row |= {"trenza::moments": "|".join(item["moments"])}
        return row

    def _bounds(self) -> Row:
        ends = (("minimum", ">="), ("maximum", "<="))
        tests = [f". {sign} {self.scale[end]}" for end, sign in ends if self.scale[end] is not None]
        return {"constraint": " and ".join(tests)} if self.scale["kind"] in TYPES else {}

    def _list_name(self) -> str:
        own = self.item["anchors"] or self.item["na_allowed"]
        return f"{self.name}_steps" if own else self.scale["code"]

    def _choices(self) -> Choices:
        known = labels.names(self.scale)
        for name in known:
            yield name, labels.written(self.scale, self.item["anchors"], name)
        if self.item["na_allowed"]:
            yield _na(known), in_all(_("N/A"))

    def _beside_a_choice(self, new: Callable[[str], str]) -> Iterator[Row]:
        """Why it does not apply; what happened."""
        if self.item["na_allowed"]:
            why = in_all(_("Why is it not applicable?"))
            shown = f"${{{self.name}}} = '{_na(labels.names(self.scale))}'"
            yield self._frame("text", new(f"{self.name}_why"), why) | {
                "relevant": shown,
                "required": "yes",
            }
        if self.item["kind"] == ItemKind.ALERT:
            happened = in_all(_("What happened"))
            yield self._frame("text", new(f"{self.name}_what"), happened) | {
                "relevant": f"${{{self.name}}} = '{YES}'",
                "required": "yes",
            }

    def _parts(
        self, kind: str, new: Callable[[str], str], new_list: Callable[[str, Choices], str]
    ) -> Iterator[Row]:
        """The questions of an item that needs several."""
        if kind in PAIRS:
            for number in (1, 2):
                label = dict.fromkeys(in_all(""), f"{number}/2")
                yield self._frame(PAIRS[ScaleKind(kind)], new(f"{self.name}_{number}"), label)
            return
        if self.item["na_allowed"]:
            why = in_all(_("Only if not applicable: why?"))
            yield self._frame("text", new(f"{self.name}_na"), why)
        seen = [(YES, in_all(_("seen"))), (NO, in_all(_("not seen")))]
        for number, minute in enumerate(self._looks(), start=1):
            kind = f"select_one {new_list('seen', seen)}"
            yield self._frame(kind, new(f"{self.name}_{number}"), minute)

    def _looks(self) -> list[dict[str, str]]:
        """What each look is called: its minute, or its number where no minutes are set."""
        minutes = [
            in_all(f"{segment['code']} · {minute} min")
            for segment in self.segments
            for minute in segment.get("snapshots") or []
        ]
        count = self.scale["maximum"] or len(minutes) or 1
        numbered = [in_all(str(number)) for number in range(1, count + 1)]
        return minutes if len(minutes) == count else numbered

    def _frame(self, kind: str, name: str, label: dict[str, str]) -> Row:
        return {"type": kind, "name": name} | sheets.texts("label", label) | FRAME


def _na(known: list[str]) -> str:
    return NA if NA not in known else "not_applicable"
