"""One question of a form as an entry of the document, or the reason why it is none."""

import json
import re
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from observation.enums import ItemKind, ScaleKind
from observation.serializers.xlsform import relevance, scales
from observation.serializers.xlsform.labels import BY_CHOICE
from observation.serializers.xlsform.places import Problem

if TYPE_CHECKING:
    from observation.serializers.xlsform.tree import Tree

Element = dict[str, Any]
Entry = dict[str, Any]
TEXT = re.compile("text|string|q string|add text prompt")
COUNT = re.compile("integer|int|q int|add integer prompt")
REASON = re.compile(r"\$\{([^}]+)\}\s*=\s*(''|\"\")")
WHY = re.compile(r"\$\{[^}]+\}\s*=\s*['\"](na|n_a|no_aplica|not_applicable)['\"]")
BOUND = re.compile(r"\s*\.\s*(>=|<=|>|<)\s*(-?[0-9]{1,5})\s*")
FLAGS = ("critical", "na_allowed")
MONTHS = ("age_min_months", "age_max_months")


def read(tree: "Tree", element: Element) -> list[Entry]:
    """The entries of a question, most often one; [] where it is told why there is none."""
    own = tree.own(element)
    if own.get("role") == "item":
        return _own(tree, element, own)
    kind, code = element["type"], code_of(element["name"])
    made: list[Entry] | None = None
    if kind == "select one" and element.get("choices"):
        made = [_choice(tree, element, code)]
    elif kind == "select all that apply" and element.get("choices"):
        made = _several(tree, element, code)
    elif COUNT.fullmatch(kind):
        made = [{"code": code, "scale": _count(tree, element)}]
    elif kind == "range" and (scale := _range(element)):
        made = [{"code": code, "scale": _kept(tree, scale)}]
    elif TEXT.fullmatch(kind):
        # Why an item does not apply is asked of every such item.
        why = WHY.fullmatch(str(element.get("bind", {}).get("relevant", "")).strip())
        scale_code = "" if why else _kept(tree, _plain("text", ScaleKind.TEXT))
        made = [] if why else [{"code": code, "scale": scale_code}]
    if made is None:
        tree.leave_out(element, "type", _reason(element))
    return made or []


def code_of(name: str) -> str:
    """A name as our forms can hold it: it begins with a letter and has no “-” or “.”."""
    code = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return code if code[:1].isalpha() else f"q{code}"


def without_reasons(text: str, frame: set[str]) -> str:
    """An expression without “unless she says why not”, which our own forms ask of a count."""
    kept = [
        part
        for part in relevance.split(text[:4000], relevance.AND)
        if not ((match := REASON.fullmatch(part.strip())) and match[1].strip() in frame)
    ]
    return " and ".join(kept).strip()


def _own(tree: "Tree", element: Element, own: dict[str, str]) -> list[Entry]:
    """An item of a form of ours: what the columns of others say wins over our own."""
    entry: Entry = {"code": own.get("code") or code_of(element["name"]), "scale": own.get("scale")}
    scale = tree.scales.get(own.get("scale", ""))
    if scale is None:
        said = _("the sheet trenza does not describe the scale “%(scale)s”.")
        _wrong(tree, element, "trenza", said % {"scale": own.get("scale", "")})
        return []
    entry |= {name: own.get(name) == "yes" for name in FLAGS}
    if "kind" in own:
        entry["kind"] = own["kind"]
    if "weight" in own:
        entry["weight"] = own["weight"]
    for name in MONTHS:
        if name in own:
            entry[name] = int(own[name]) if own[name].isdecimal() and len(own[name]) < 6 else -1
    if scale["kind"] in BY_CHOICE:
        found = scales.known(scale, _choices(tree, element))
        for name in found.strange:
            said = _("“%(name)s” is no step of the scale “%(scale)s” of the sheet trenza.")
            row = next(
                number
                for number, row in tree.choices.rows.items()
                if tree.choices.value(row, "list_name") == element["itemset"]
                and tree.choices.value(row, "name") == name
            )
            place = tree.choices.place(row, "name")
            told = said % {"name": name, "scale": own["scale"]}
            tree.problems.append(Problem(place, told))
        tree.scales[own["scale"]] = found.scale
        return [entry | {"anchors": found.anchors, "na_allowed": found.na_allowed}]
    try:
        return [entry | {"anchors": json.loads(own.get("anchors", "{}"))}]
    except (ValueError, RecursionError):
        _wrong(tree, element, "trenza", _("the anchors cannot be read."))
        return []


def _choice(tree: "Tree", element: Element, code: str) -> Entry:
    found = scales.guessed(element["itemset"], _choices(tree, element))
    scale = _kept(tree, found.scale)
    entry: Entry = {"code": code, "scale": scale, "anchors": found.anchors}
    entry |= {"na_allowed": found.na_allowed}
    if found.na_allowed:
        entry["na_rule"] = tree.texts(element.get("guidance_hint")) or found.na_rule
    return entry


def _several(tree: "Tree", element: Element, code: str) -> list[Entry]:
    """Each choice is an item of its own, answered by yes or no."""
    said = _("several answers at once become one question of yes or no for each choice.")
    tree.leave_out(element, "type", said)
    scale = _kept(tree, _plain("yes_no", ScaleKind.YES_NO) | {"minimum": 0, "maximum": 1})
    asked = tree.label(element)
    first = next(iter(asked.values()))
    made = []
    for name, label in _choices(tree, element):
        text = {
            language: f"{asked.get(language, first)} {label.get(language, name)}"
            for language in {**asked, **label}
        }
        entry = {"code": code_of(f"{code}_{name}"), "scale": scale, "text": text}
        made.append(entry | {"kind": ItemKind.CONTEXT.value})
    return made


def _count(tree: "Tree", element: Element) -> str:
    """A number, with the ends that its constraint sets."""
    ends = bounds(str(element.get("bind", {}).get("constraint", ""))) or {"minimum": 0}
    name = "_".join(["number", *(str(end) for end in ends.values())])
    return _kept(tree, _plain(name, ScaleKind.INTEGER) | ends)


def _range(element: Element) -> dict[str, Any] | None:
    given = element.get("parameters") or {}
    try:
        low, high = (int(str(given.get(end))) for end in ("start", "end"))
    except ValueError:
        return None
    if str(given.get("step", "1")) != "1" or not 0 < high - low < scales.MOST_STEPS:
        return None
    return _plain(f"range_{low}_{high}", ScaleKind.ORDINAL) | {"minimum": low, "maximum": high}


def bounds(constraint: str) -> dict[str, int] | None:
    """{"minimum", "maximum"} of a constraint that sets one or both ends; None for any other."""
    found: dict[str, int] = {}
    for part in relevance.split(constraint[:4000], relevance.AND) if constraint else ():
        match = BOUND.fullmatch(part)
        if match is None:
            return None
        end = "minimum" if match[1] in (">", ">=") else "maximum"
        step = {">": 1, "<": -1}.get(match[1], 0)
        if end in found or not -32768 <= int(match[2]) + step <= 32767:
            return None
        found[end] = int(match[2]) + step
    low, high = found.get("minimum"), found.get("maximum")
    return None if low is not None and high is not None and low >= high else found


def _choices(tree: "Tree", element: Element) -> scales.Choices:
    return [(str(choice["name"]), tree.texts(choice.get("label"))) for choice in element["choices"]]


def _plain(code: str, kind: ScaleKind) -> dict[str, Any]:
    return {"code": code, "kind": kind.value, "minimum": None, "maximum": None, "options": []}


def _kept(tree: "Tree", scale: dict[str, Any]) -> str:
    """The code of ``scale``, kept once; another of the same code gets a number."""
    wish, number = scale["code"][:60], 1
    code = wish
    while tree.scales.get(code, scale | {"code": code}) != scale | {"code": code}:
        number += 1
        code = f"{wish}_{number}"
    tree.scales[code] = scale | {"code": code}
    return code


def _reason(element: Element) -> str:
    kind = element["type"]
    if kind == "note":
        return _("a note is no item. It says: “%(text)s”.") % {"text": _told(element)}
    if kind == "calculate":
        formula = str(element.get("bind", {}).get("calculate", ""))
        return _("a calculation is no item: “%(text)s”.") % {"text": formula[:200]}
    if kind in ("date", "time", "dateTime", "start", "end", "today"):
        return _("every session has its day and every cycle its times: “%(text)s” is left out.") % {
            "text": _told(element)
        }
    return _("a question of the type “%(kind)s” is no item: “%(text)s”.") % {
        "kind": kind,
        "text": _told(element),
    }


def _told(element: Element) -> str:
    label = element.get("label") or element.get("name", "")
    return str(next(iter(label.values()), "") if isinstance(label, dict) else label)[:200]


def _wrong(tree: "Tree", element: Element, column: str, said: str) -> None:
    tree.problems.append(Problem(tree.survey.place(tree.row(element), column), said))
