"""Instruments of every kind of scale, made up by hypothesis, and the programme's own."""

from typing import Any

from hypothesis import strategies as st

from observation.actions import checklists, instruments
from observation.enums import ItemKind, Moment, ScaleKind, ScoringRule
from organisations.enums import AgeGroup
from tests.factories import observation as make

LETTERS = "abcñÁz 09·=.,;:|/-_'\"<&>()%#@\n日"
WORDS = (
    st.text(LETTERS, min_size=1, max_size=30).map(lambda text: " ".join(text.split())).filter(bool)
)
CODES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,6}", fullmatch=True)
SCORED = [ScaleKind.ORDINAL, ScaleKind.PRESENCE, ScaleKind.YES_NO]
SCORED += [ScaleKind.INTEGER, ScaleKind.SNAPSHOTS]
NUMBERED = {*SCORED, ScaleKind.INTEGER}


def texts(least: int = 1) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(["es", "en"]), WORDS, min_size=least, max_size=2)


def some(values) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=4)


@st.composite
def scales(draw, code: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(ScaleKind.values))
    scale = {"code": code, "kind": kind, "minimum": None, "maximum": None, "options": []}
    if kind in (ScaleKind.PRESENCE, ScaleKind.YES_NO):
        return scale | {"minimum": 0, "maximum": 1}
    if kind in (ScaleKind.ORDINAL, ScaleKind.SNAPSHOTS, ScaleKind.INTEGER):
        low = draw(st.integers(-2, 3)) if kind != ScaleKind.SNAPSHOTS else 0
        scale |= {"minimum": low, "maximum": low + draw(st.integers(1, 7))}
    if kind == ScaleKind.ORDINAL and draw(st.booleans()):
        labels = st.fixed_dictionaries({"value": st.just(scale["minimum"]), "label": texts()})
        scale["options"] = [draw(labels)]
    if kind == ScaleKind.CHOICE:
        values = draw(st.lists(CODES | st.sampled_from(Moment.values), min_size=1, unique=True))
        scale["options"] = [
            {"value": value} | ({"label": draw(texts())} if draw(st.booleans()) else {})
            for value in values
        ]
    return scale


@st.composite
def items(draw, code: str, scale: dict[str, Any], domain: str) -> dict[str, Any]:
    kinds = [ItemKind.CONTEXT]
    kinds += [ItemKind.SCORED] if scale["kind"] in SCORED else []
    kinds += [ItemKind.ALERT] if scale["kind"] == ScaleKind.PRESENCE else []
    steps = []
    if scale["minimum"] is not None and scale["maximum"] is not None:
        steps = [str(step) for step in range(scale["minimum"], scale["maximum"] + 1)]
    anchors = st.dictionaries(st.sampled_from(steps), texts(), max_size=3) if steps else st.just({})
    return {
        "code": code,
        "kind": draw(st.sampled_from(kinds)).value,
        "domain": domain,
        "scale": scale["code"],
        "text": draw(texts()),
        "anchors": draw(anchors),
        "age_groups": draw(some(AgeGroup.values)),
        "moments": draw(some(Moment.values)),
        "age_min_months": draw(st.none() | st.integers(0, 12)),
        "age_max_months": draw(st.none() | st.integers(12, 48)),
        "na_allowed": draw(st.booleans()),
        "na_rule": draw(texts(0)),
        "note": draw(texts(0)),
        "weight": draw(st.sampled_from(["0.25", "1.00", "2.50"])),
        "critical": draw(st.booleans()),
    }


@st.composite
def documents(draw) -> dict[str, Any]:
    """Any instrument: scales and domains with or without items, domains in any order."""
    scale_codes = draw(st.lists(CODES, min_size=1, max_size=5, unique=True))
    domain_codes = draw(st.lists(CODES, min_size=1, max_size=4, unique=True))
    found = [draw(scales(code)) for code in scale_codes]
    item_codes = draw(st.lists(CODES, min_size=1, max_size=7, unique=True))
    rules = {
        "minimum_cycles": draw(st.integers(1, 6)),
        "cycle_minutes": draw(st.none() | st.integers(1, 10)),
        "cycle_minutes_most": draw(st.none() | st.integers(10, 60)),
        "minimum_answered": draw(st.sampled_from(["0.50", "0.60", "1.00"])),
        "scoring": draw(st.sampled_from(ScoringRule.values)),
        "moments_asked": draw(st.booleans()),
        "routine_and_play": draw(st.booleans()),
        "segments": draw(
            st.lists(
                st.fixed_dictionaries(
                    {
                        "code": CODES,
                        "name": texts(),
                        "minutes": st.integers(1, 30),
                        "snapshots": st.lists(st.integers(0, 30), max_size=3),
                    }
                ),
                max_size=2,
            )
        ),
    }
    content = {
        "rules": rules,
        "domains": [{"code": code, "name": draw(texts())} for code in domain_codes],
        "scales": found,
        "items": [
            draw(items(code, draw(st.sampled_from(found)), draw(st.sampled_from(domain_codes))))
            for code in item_codes
        ],
    }
    return document(instruments.canonical(content))


def document(content: dict[str, Any]) -> dict[str, Any]:
    name = {"es": "Lista de prueba", "en": "Trial checklist"}
    head = {"format": 1, "code": "trial", "kind": "checklist", "name": name, "number": 1}
    return head | {"content": content}


def checklist() -> dict[str, Any]:
    """The programme's checklist as a document, without a database."""
    content = checklists.parse(make.rows()) | {"rules": instruments.CHECKLIST_RULES}
    return document(instruments.canonical(content))
