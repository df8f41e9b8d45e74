"""Statements, and texts of statements, that no record store may take.

Each is wrong by the way it is made. What the specification leaves to the store (a moment without
its zone, an empty batch) is not among them.
"""

import copy
import json
from typing import Any

from hypothesis import strategies as st

ID = "11111111-1111-4111-8111-111111111111"
AGENT = {"mbox": "mailto:ana@x.example"}
ACTIVITY = "https://x.example/lesson"


def whole() -> dict[str, Any]:
    """A valid statement with a bit of everything."""
    return {
        "id": ID,
        "actor": {"objectType": "Agent", "name": "Ana", "mbox": "mailto:ana@x.example"},
        "verb": {"id": "https://x.example/did", "display": {"en": "did"}},
        "object": {
            "objectType": "Activity",
            "id": ACTIVITY,
            "definition": {"name": {"en": "A lesson"}, "type": "https://x.example/types/lesson"},
        },
        "result": {
            "score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10},
            "success": True,
            "completion": True,
            "response": "yes",
            "duration": "PT8S",
            "extensions": {"https://x.example/e": 1},
        },
        "context": {
            "registration": ID,
            "instructor": {"account": {"homePage": "https://x.example", "name": "luz"}},
            "team": {"objectType": "Group", "mbox": "mailto:all@x.example", "member": [AGENT]},
            "contextActivities": {"parent": [{"id": "https://x.example/course"}]},
            "platform": "a platform",
            "language": "es-MX",
            "statement": {"objectType": "StatementRef", "id": ID},
            "extensions": {"https://x.example/e": [1, "x"]},
        },
        "timestamp": "2026-01-31T09:30:00Z",
        "version": "1.0.0",
    }


NO_TEXT: list[Any] = [None, 3, 1.5, True, [], {}, ["x"]]
NO_OBJECT: list[Any] = [None, 3, "x", False, [], [{}]]
NO_IRI: list[Any] = [*NO_TEXT, "", "x", "no iri", "//x.example/a", "https://x.example/a b", ":x"]
NO_UUID: list[Any] = [*NO_TEXT, "", "1", ID[:-1], ID + "1", ID.replace("-", ""), "g" + ID[1:]]
NO_TAGS: list[Any] = [None, 3, "x", [], {"en": 3}, {"en": None}, {"no tag": "x"}, {"": "x"}]
NO_AGENT: list[Any] = [
    *NO_OBJECT,
    {},
    {"name": "Ana"},
    AGENT | {"openid": "https://x.example/ana"},
    AGENT | {"objectType": "agent"},
    AGENT | {"member": [AGENT]},
    AGENT | {"age": 3},
    {"mbox": "ana@x.example"},
    {"mbox": "mailto:ana"},
    {"mbox_sha1sum": "abc"},
    {"openid": "ana"},
    {"account": {"name": "ana"}},
    {"account": {"homePage": "x", "name": "ana"}},
    {"account": {"homePage": "https://x.example", "name": 3}},
    {"objectType": "Group"},
    {"objectType": "Group", "member": []},
    {"objectType": "Group", "member": AGENT},
    {"objectType": "Group", "member": [{"objectType": "Group", "member": [AGENT]}]},
]
NO_MOMENT: list[Any] = [*NO_TEXT, "", "x", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026"]
NO_BOOLEAN: list[Any] = [None, 0, 1, "true", "", [], {}]
NO_NUMBER: list[Any] = [None, "1", True, [], {}]
NO_LIST: list[Any] = [None, 3, "x", {}, [None], [3], ["x"], [[]]]

# What may not stand at a place of the statement above.
WRONG: list[tuple[tuple[str, ...], list[Any]]] = [
    (("id",), NO_UUID),
    (("actor",), NO_AGENT),
    (("actor", "name"), NO_TEXT),
    (("actor", "mbox"), [*NO_TEXT, "", "ana@x.example", "mailto:", "MAILTO"]),
    (("actor", "objectType"), [*NO_TEXT, "agent", "Activity", "Person", ""]),
    (("verb",), [*NO_OBJECT, {}, {"display": {"en": "did"}}]),
    (("verb", "id"), NO_IRI),
    (("verb", "display"), NO_TAGS),
    (("object",), [*NO_OBJECT, {}, {"objectType": "StatementRef"}, {"objectType": "SubStatement"}]),
    (("object", "id"), NO_IRI),
    (("object", "objectType"), [*NO_TEXT, "activity", "Verb", ""]),
    (("object", "definition"), [*NO_OBJECT, {"interactionType": "guess"}, {"choices": []}]),
    (("object", "definition", "name"), NO_TAGS),
    (("object", "definition", "type"), NO_IRI),
    (("result",), NO_OBJECT),
    (("result", "score"), [*NO_OBJECT, {"scaled": 1.01}, {"scaled": -2}, {"min": 2, "max": 1}]),
    (("result", "score", "scaled"), NO_NUMBER),
    (("result", "score", "raw"), [*NO_NUMBER, 11, -1]),
    (("result", "success"), NO_BOOLEAN),
    (("result", "completion"), NO_BOOLEAN),
    (("result", "response"), NO_TEXT),
    (("result", "duration"), [*NO_TEXT, "", "8", "P", "PT", "PT8", "8S", "P1S", "PT1D", "-PT8S"]),
    (("result", "extensions"), [*NO_OBJECT, {"x": 1}, {"": 1}]),
    (("context",), NO_OBJECT),
    (("context", "registration"), NO_UUID),
    (("context", "instructor"), NO_AGENT),
    (("context", "team"), [*NO_AGENT, AGENT]),
    (("context", "contextActivities"), [*NO_OBJECT, {"child": []}, {"parent": 3}]),
    (("context", "contextActivities", "parent"), [None, 3, "x", [3], [None], [{}], {}]),
    (("context", "platform"), NO_TEXT),
    (("context", "language"), [*NO_TEXT, "", "no tag", "e", "es_MX"]),
    (("context", "statement"), [*NO_OBJECT, {}, {"id": ID}, {"objectType": "StatementRef"}]),
    (("context", "extensions"), [*NO_OBJECT, {"x": 1}]),
    (("timestamp",), NO_MOMENT),
    (("stored",), NO_MOMENT),
    (("version",), [*NO_TEXT, "", "0.9", "3.0", "1", "x"]),
    (("authority",), NO_AGENT),
    (("attachments",), [*NO_LIST, [{}], [{"usageType": "https://x.example/u"}]]),
]
OBJECTS: list[tuple[str, ...]] = [
    (),
    *(("actor",), ("verb",), ("object",), ("object", "definition"), ("result",)),
    *(("result", "score"), ("context",), ("context", "contextActivities")),
    *(("context", "team"), ("context", "statement"), ("context", "instructor", "account")),
]
NEEDED = [("actor",), ("verb",), ("object",), ("verb", "id"), ("object", "id"), ("actor", "mbox")]
# Of letters that make no word: hypothesis takes whole ones from our own code, and the answers say
# the names that came.
names = st.text("xyzXYZ07ñ日\U0001f600 \n\t<>&%+\"'/\\", min_size=1, max_size=20)


def put(statement: dict[str, Any], place: tuple[str, ...], value: Any) -> dict[str, Any]:
    *outer, last = place
    inside = at(statement, tuple(outer))
    inside[last] = copy.deepcopy(value)
    return statement


def at(statement: dict[str, Any], place: tuple[str, ...]) -> dict[str, Any]:
    for name in place:
        statement = statement[name]
    return statement


@st.composite
def of_a_wrong_kind(draw) -> dict[str, Any]:
    place, values = draw(st.sampled_from(WRONG))
    return put(whole(), place, draw(st.sampled_from(values)))


@st.composite
def with_something_missing(draw) -> dict[str, Any]:
    statement = whole()
    *outer, last = draw(st.sampled_from(NEEDED))
    del at(statement, tuple(outer))[last]
    return statement


@st.composite
def with_something_unknown(draw) -> dict[str, Any]:
    """A name that nothing has, or one in the wrong case."""
    statement = whole()
    inside = at(statement, draw(st.sampled_from(OBJECTS)))
    name = draw(st.sampled_from(sorted(inside)))
    if draw(st.booleans()):
        inside[name.swapcase()] = inside.pop(name)
    else:
        inside["x" + draw(names)] = draw(st.sampled_from([1, "x", None]))
    return statement


@st.composite
def that_say_too_much(draw) -> dict[str, Any]:
    """Parts that are right by themselves and wrong together."""
    inner = {name: whole()[name] for name in ("actor", "verb", "object")}
    sub = inner | {"objectType": "SubStatement"}
    other = draw(
        st.sampled_from(
            [
                {"object": AGENT | {"objectType": "Agent"}},  # the platform needs an activity
                {"verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}},
                {"object": inner | {"objectType": "SubStatement", "object": sub}},
                {"object": sub | {"id": ID}},
                {"object": sub | {"stored": "2026-01-31T09:30:00Z"}},
                {"object": sub | {"authority": AGENT}},
                {"object": sub | {"version": "1.0.0"}},
                {"object": {"objectType": "StatementRef", "id": ID}},
            ]
        )
    )
    return whole() | other


wrong_statements = st.one_of(
    of_a_wrong_kind(), with_something_missing(), with_something_unknown(), that_say_too_much()
)


@st.composite
def wrong_texts(draw) -> bytes:
    """What is no JSON, or holds what no database keeps."""
    text = json.dumps(whole())
    deep = draw(st.integers(100, 20_000))
    places = ['"yes"', '"a platform"', '"Ana"']
    bad = ['"a\\u0000"', '"\\ud800"', '"\\udc00x"', "NaN", "Infinity", "-Infinity", "tru", "'x'"]
    bad += ['"a\nb"', '"\\x"', "01", "1.", "[" * deep + "]" * deep]
    return draw(
        st.one_of(
            st.integers(0, len(text) - 1).map(lambda cut: text[:cut].encode()),
            st.builds(
                lambda one, other: text.replace(one, other).encode(),
                st.sampled_from(places),
                st.sampled_from(bad),
            ),
            st.sampled_from(["1e999999999", "-1e400000000000000000000", '{"a\\u0000": 1}']).map(
                lambda one: text.replace('[1, "x"]', one).encode()
            ),
            st.just(text.replace("yes", "\udcff").encode(errors="surrogateescape")),
            st.just(text.replace('"id"', '"id": "x", "id"', 1).encode()),
            st.just(text.encode("utf-16")),
            st.binary(min_size=1).map(lambda some: b"\xff" + some),
            st.sampled_from([b"null", b"3", b'"x"', b"true", b"[3]", b"[null]", b"[[]]", b" "]),
        )
    )
