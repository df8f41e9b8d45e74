"""What is wrong with the rows of a form, told before pyxform sees it, by sheet, row and column."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from django.utils.translation import gettext as _

from observation.serializers.xlsform import converter
from observation.serializers.xlsform.places import Place, Problem
from observation.serializers.xlsform.sheets import Row, Sheet

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
# Blanks are taken off afterwards: a pattern that skips them too tries every way to share them out.
REFERENCE = re.compile(r"\$\{([^${}]*)\}")
MOST_DEEP = 20
# Answered by the phone itself, so nobody reads a label.
SILENT = re.compile(
    r"calculate|hidden|start|end|today|deviceid|subscriberid|simserial|phonenumber|username|email"
    r"|audit|background.*|start-geopoint|.*-external|get .*|uri:.*"
)
YES = {"yes", "true", "true()", "1"}


def survey(found: dict[str, Sheet]) -> Iterator[Problem]:
    """What is wrong on the sheet survey, first what the rest depends on."""
    sheet = found.get("survey")
    if sheet is None:
        names = ", ".join(one.name for one in found.values())
        sentence = _("the workbook has no such sheet. It has: %(names)s.") % {"names": names}
        yield Problem(Place("survey"), sentence)
        return
    if missing := [name for name in ("type", "name") if not sheet.has(name)]:
        for name in missing:
            sentence = _("the column “%(name)s” is missing.") % {"name": name}
            yield Problem(sheet.place(1, name), sentence)
        return
    if not any(sheet.rows.values()):
        yield Problem(sheet.place(2, "type"), _("the sheet has headings but no questions."))
        return
    yield from _Survey(sheet, found.get("choices") or Sheet("choices")).problems()


def choices(sheet: Sheet) -> Iterator[Problem]:
    """What is wrong on the sheet choices."""
    if not any(sheet.rows.values()):
        return
    if missing := [name for name in ("list_name", "name") if not sheet.has(name)]:
        for name in missing:
            sentence = _("the column “%(name)s” is missing.") % {"name": name}
            yield Problem(sheet.place(1, name), sentence)
        return
    seen: dict[tuple[str, str], int] = {}
    for number, row in sheet.rows.items():
        listed, name = sheet.value(row, "list_name"), sheet.value(row, "name")
        if not listed and not name:
            continue  # empty, or a remark of whoever wrote the form
        yield from _choice(sheet, number, row)
        if listed and name and (first := seen.setdefault((listed, name), number)) != number:
            sentence = _("“%(name)s” stands already in row %(row)s of the same list.")
            told = sentence % {"name": name, "row": first}
            yield Problem(sheet.place(number, "name"), told)


def _choice(sheet: Sheet, number: int, row: Row) -> Iterator[Problem]:
    for column in ("list_name", "name"):
        if not sheet.value(row, column):
            yield Problem(sheet.place(number, column), _("this cell is empty."))
    if not sheet.value(row, "label") and not sheet.value(row, "media"):
        yield Problem(sheet.place(number, "label"), _("the choice has no label."))


@dataclass
class _Frame:
    """An open group: its kind, the row that opened it, the names in it and its condition."""

    kind: str = ""
    row: int = 1
    relevant: str = ""
    names: dict[str, int] = field(default_factory=dict)


class _Survey:
    """One pass over the rows of the survey."""

    def __init__(self, sheet: Sheet, choices: Sheet):
        self.sheet = sheet
        self.lists = {choices.value(row, "list_name") for row in choices.rows.values()}
        self.open = [_Frame()]
        # By name of a question: what its being asked depends on, and its row
        self.needs: dict[str, tuple[int, set[str]]] = {}

    def problems(self) -> Iterator[Problem]:
        for number, row in self.sheet.rows.items():
            kind = " ".join(self.sheet.value(row, "type").split())
            if not row or self.sheet.value(row, "disabled").lower() in YES:
                continue
            if not kind:
                if self.sheet.value(row, "name") or self.sheet.value(row, "label"):
                    yield self._at(number, "type", _("the type of the question is missing."))
                continue
            control = converter.CONTROL.fullmatch(kind.lower())
            if control and control["edge"] == "end":
                yield from self._end(number, control["kind"])
                continue
            yield from self._name(number, row, kind)
            if control:
                yield from self._begin(number, row, control["kind"])
            else:
                yield from self._question(number, row, kind)
        for frame in self.open[1:]:
            yield self._endless(frame)
        yield from self._references()

    def _at(self, row: int, column: str, said: str) -> Problem:
        return Problem(self.sheet.place(row, column), said)

    def _begin(self, number: int, row: Row, kind: str) -> Iterator[Problem]:
        self.open.append(_Frame(kind, number, self.sheet.value(row, "relevant")))
        if len(self.open) == MOST_DEEP + 2:
            yield self._at(
                number, "type", _("more than %(most)s groups in one another.") % {"most": MOST_DEEP}
            )

    def _end(self, number: int, kind: str) -> Iterator[Problem]:
        if kind in [frame.kind for frame in self.open]:
            while (frame := self.open.pop()).kind != kind:
                yield self._endless(frame)
            return
        sentence = _("this ends a %(kind)s, but none is open here.") % {"kind": kind}
        yield self._at(number, "type", sentence)

    def _endless(self, frame: _Frame) -> Problem:
        sentence = _("this begins a %(kind)s that never ends. Add “end %(kind)s”.")
        return self._at(frame.row, "type", sentence % {"kind": frame.kind})

    def _name(self, number: int, row: Row, kind: str) -> Iterator[Problem]:
        name = self.sheet.value(row, "name")
        needs = {self.sheet.value(row, "relevant"), *(frame.relevant for frame in self.open)}
        self.needs.setdefault(name, (number, set(_names(" ".join(needs)))))
        if not name:
            if kind != "note" and not kind.startswith("audit"):
                yield self._at(number, "name", _("the question has no name."))
        elif not NAME.fullmatch(name):
            sentence = _(
                "“%(name)s” cannot be a name: begin with a letter, then letters, digits, _ . -"
            )
            yield self._at(number, "name", sentence % {"name": name[:40]})
        elif (first := self.open[-1].names.setdefault(name, number)) != number:
            sentence = _("the name “%(name)s” stands already in row %(row)s.")
            yield self._at(number, "name", sentence % {"name": name, "row": first})

    def _question(self, number: int, row: Row, kind: str) -> Iterator[Problem]:
        if found := list_of(kind):
            if not found[1] and "file" not in found[0]:
                yield self._at(number, "type", _("the name of the list of choices is missing."))
            elif not (set(found[1]) & set("${.")) and found[1] not in self.lists:
                external = "external" in found[0]
                sentence = _("the sheet choices has no list “%(name)s”.") % {"name": found[1]}
                if not external:
                    yield self._at(number, "type", sentence)
        elif kind not in converter.types() and kind.lower() not in converter.types():
            sentence = _("“%(kind)s” is no type of question that we know.")
            yield self._at(number, "type", sentence % {"kind": kind[:40]})
        shown = self.sheet.value(row, "label") or self.sheet.value(row, "media")
        if not shown and not self.sheet.value(row, "calculation") and not SILENT.fullmatch(kind):
            yield self._at(number, "label", _("the question has no label."))

    def _references(self) -> Iterator[Problem]:
        for number, row in self.sheet.rows.items():
            said = self.sheet.value(row, "relevant")
            if said and not _balanced(said):
                yield self._at(
                    number, "relevant", _("a bracket or a quotation mark is not closed.")
                )
            for name in _names(said):
                if name not in self.needs:
                    sentence = _("there is no question “%(name)s”.") % {"name": name[:40]}
                    yield self._at(number, "relevant", sentence)
        for number in self._circle():
            yield self._at(number, "relevant", _("the question waits for its own answer."))

    def _circle(self) -> list[int]:
        """Rows of questions that wait for one another."""
        needs = {
            name: [need for need in found if need in self.needs]
            for name, (_row, found) in self.needs.items()
        }
        try:
            TopologicalSorter(needs).prepare()
        except CycleError as error:
            return sorted({self.needs[name][0] for name in error.args[1]})
        return []


def list_of(kind: str) -> tuple[str, str] | None:
    """("select_one", list) of a type that has a list; None for any other."""
    for start in converter.selects():
        if kind == start or kind.lower().startswith(start + " "):
            rest = re.sub(r"\s+or[_ ](other|specify other)$", "", kind[len(start) :].strip())
            return start, rest.removeprefix("from ").strip()
    return None


def _names(said: str) -> list[str]:
    """The questions that the expression ``said`` refers to."""
    return [name.strip().removeprefix("last-saved#") for name in REFERENCE.findall(said)]


def _balanced(text: str) -> bool:
    """Whether brackets and quotation marks are closed; what is quoted does not count."""
    rest = re.sub(r"'[^']*'|\"[^\"]*\"", "", text)
    pairs = all(rest.count(a) == rest.count(b) for a, b in ("()", "{}", "[]"))
    return pairs and not set(rest) & set("'\"")
