"""The questions of a form, walked from group to group, become items, domains and scales."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from observation.enums import ItemKind, Moment, ScaleKind
from observation.models.instruments import CODE_LENGTH, DOMAIN_CODE_LENGTH
from observation.serializers.xlsform import entries, relevance
from observation.serializers.xlsform.places import Problem
from observation.serializers.xlsform.relevance import Applies
from observation.serializers.xlsform.sheets import Sheet
from observation.serializers.xlsform.words import in_all, language
from organisations.enums import AgeGroup

Facts = dict[tuple[str, str], dict[str, Any]]
Element = dict[str, Any]
SELECT_ONE, SELECT_SEVERAL = "select one", "select all that apply"
TOP, TOP_NAME = "GENERAL", gettext_lazy("General")
MOST_CYCLES = 6


@dataclass(frozen=True)
class Found:
    """An item as an entry of the document, and the row that it came from."""

    entry: dict[str, Any]
    row: int


@dataclass(frozen=True)
class Around:
    """What the groups around a question say: its domain, when it applies, whether in a repeat."""

    domain: dict[str, Any] | None = None
    applies: Applies = field(default_factory=Applies)
    repeated: bool = False


class Tree:
    """Gathers items, domains and scales; ``left_out`` and ``problems`` say what did not fit."""

    def __init__(self, survey: Sheet, choices: Sheet, facts: Facts, *, default: str):
        self.survey, self.choices, self.facts, self.default = survey, choices, facts, default
        self.items: list[Found] = []
        self.domains: dict[str, dict[str, Any]] = {}
        self.scales: dict[str, dict[str, Any]] = {
            code: {"code": code} | fact for (what, code), fact in facts.items() if what == "scale"
        }
        self.left_out: list[Problem] = []
        self.problems: list[Problem] = []
        self.cycles = 1
        # By name: questions for the moments and the age group; our own beside the items
        self.questions: dict[str, str] = {}
        self.frame: set[str] = set()
        self.used: set[int] = set()  # rows whose other columns leftovers looks at
        self.lists: set[str] = set()

    def walk(self, form: Element) -> None:
        self._ask(form)
        self._children(form, Around())

    # ---- what the walk asks and tells

    def row(self, element: Element) -> int:
        return int(element.get("trenza", {}).get("row", 0))

    def own(self, element: Element) -> dict[str, str]:
        """Our own columns of a question."""
        found = element.get("trenza", {})
        return found if isinstance(found, dict) else {}

    def leave_out(self, element: Element, column: str, said: str) -> None:
        if row := self.row(element):
            self.left_out.append(Problem(self.survey.place(row, column), said))

    def texts(self, given: object) -> dict[str, str]:
        """A text by language of the house; one without language is in the form's own."""
        if isinstance(given, str):
            return {self.default: given} if given else {}
        if not isinstance(given, dict):
            return {}
        found: dict[str, str] = {}
        for head, text in given.items():
            code = self.default if head == "default" else language(head)
            if code and isinstance(text, str) and text:
                found.setdefault(code, text)
        return found

    def label(self, element: Element) -> dict[str, str]:
        """The label; where it is in no language of the house, in whatever there is."""
        found = self.texts(element.get("label"))
        if not found and isinstance(element.get("label"), dict):
            others = [text for text in element["label"].values() if isinstance(text, str) and text]
            found = {self.default: others[0]} if others else {}
        return found or {self.default: str(element.get("name", ""))}

    # ---- the walk

    def _ask(self, element: Element) -> None:
        """First find the questions that others refer to."""
        for child in element.get("children", ()):
            name, role = child.get("name", ""), self.own(child).get("role")
            values = {choice["name"] for choice in child.get("choices", ()) if "name" in choice}
            if role == "frame":
                self.frame.add(name)
            self.lists.add(child.get("itemset", ""))
            if values and role != "item":
                if child["type"] == SELECT_SEVERAL and values <= set(Moment.values):
                    self.questions[name] = "moments"
                if child["type"] == SELECT_ONE and values <= set(AgeGroup.values):
                    self.questions[name] = "age_groups"
            self._ask(child)

    def _children(self, element: Element, around: Around) -> None:
        for child in element.get("children", ()):
            role = self.own(child).get("role")
            if child["type"] in ("group", "repeat") and role != "item":
                self._group(child, around)
            elif self.row(child) and role != "frame" and child["name"] not in self.questions:
                self._question(child, around)

    def _group(self, group: Element, around: Around) -> None:
        own = self.own(group)
        applies = self._applies(group, around)
        domain = around.domain
        holds = any(child["type"] not in ("group", "repeat") for child in group["children"])
        if own.get("role") == "domain" or (self.row(group) and not own.get("role") and holds):
            code = (own.get("code") or group["name"])[:DOMAIN_CODE_LENGTH]
            domain = {"code": code, "name": self.label(group)}
        elif self.row(group) and not own.get("role"):
            said = _("the group holds only groups: its name “%(name)s” is not kept.")
            self.leave_out(group, "type", said % {"name": str(group.get("name"))})
        if group["type"] == "repeat" and own.get("role") != "frame":
            self._repeat(group, around)
        if self.row(group) and not own.get("role"):
            self.used.add(self.row(group))
        repeated = around.repeated or group["type"] == "repeat"
        self._children(group, Around(domain, applies, repeated))

    def _repeat(self, group: Element, around: Around) -> None:
        """What is repeated is asked once in each cycle."""
        count = str(group.get("control", {}).get("jr:count", ""))
        if around.repeated:
            self.leave_out(group, "type", _("a repeat within a repeat is asked once per cycle."))
        elif count.isdecimal() and 1 <= int(count[:3]) <= MOST_CYCLES:
            self.cycles = int(count)
        else:
            said = _("what is repeated becomes the cycles of a session, at most %(most)s.")
            self.leave_out(group, "type", said % {"most": MOST_CYCLES})

    def _applies(self, element: Element, around: Around) -> Applies:
        """When it applies; an expression that says more than an instrument can is left out."""
        text = str(element.get("bind", {}).get("relevant", ""))
        text = entries.without_reasons(text, self.frame)
        if not text:
            return around.applies
        found = relevance.read(text, self.questions)
        if self.own(element).get("role") == "item":  # what is around is ours and says nothing
            around = Around()
        narrowed = found and around.applies.narrowed(found)
        if narrowed is None:
            said = _("an item applies by age group and moments alone, not by “%(text)s”.")
            self.leave_out(element, "relevant", said % {"text": text[:200]})
            return around.applies
        return narrowed

    def _question(self, element: Element, around: Around) -> None:
        made = entries.read(self, element)
        if not made:
            return
        applies = self._applies(element, around)
        domain = around.domain or {"code": TOP, "name": in_all(TOP_NAME)}
        self.domains.setdefault(domain["code"], domain)
        own = self.own(element)
        self.used.add(self.row(element))
        for entry in made:
            moments = own.get("moments", "").split("|") if own.get("moments") else applies.moments
            whole = {
                "domain": domain["code"],
                "age_groups": applies.age_groups,
                "moments": moments,
                "text": self.label(element),
                "note": self.texts(element.get("hint")),
                "na_rule": self.texts(element.get("guidance_hint")),
            } | entry
            scale = self.scales[whole["scale"]]
            numeric = scale["kind"] in (ScaleKind.ORDINAL, ScaleKind.YES_NO)
            whole.setdefault("kind", (ItemKind.SCORED if numeric else ItemKind.CONTEXT).value)
            whole["code"] = whole["code"][:CODE_LENGTH]
            self.items.append(Found(whole, self.row(element)))
