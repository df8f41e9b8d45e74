"""Valid statements of every kind, for hypothesis.

Few names, so that statements meet: whoever searches for one of them finds some and not others.
"""

import uuid
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from lrs.validation import VOIDED

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)
IDS = [str(uuid.UUID(int=n + 1, version=4)) for n in range(8)]
REGISTRATIONS = [str(uuid.UUID(int=n + 100, version=4)) for n in range(2)]
VERBS = [f"https://x.example/verbs/{n}" for n in range(3)]
ACTIVITIES = [f"https://x.example/activities/{n}" for n in range(4)]
IDENTIFIERS: list[dict[str, Any]] = [
    {"mbox": "mailto:ana@x.example"},
    {"mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9"},
    {"openid": "https://x.example/ana"},
    {"account": {"homePage": "https://x.example", "name": "ana"}},
    {"account": {"homePage": "https://x.example", "name": "luz"}},
]
TIMES = [
    "2026-01-31T09:30:00Z",
    "2026-01-31T09:30:00.123456-06:00",
    "2026-02-28T23:59:59.5+05:30",
    "2001-12-01T00:00:00.000Z",
]
TAGS = ["es-MX", "en", "und", "zh-Hant"]


def perhaps(**parts: st.SearchStrategy) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with some of ``parts``."""
    return st.fixed_dictionaries({}, optional=parts)


language_maps = st.dictionaries(st.sampled_from(TAGS), WORDS, max_size=2)
# Trailing zeros stay, and no number is rounded.
numbers = st.one_of(
    st.integers(-(10**20), 10**20),
    st.decimals(-1000, 1000, places=3),
    st.sampled_from(
        [Decimal("1.0"), Decimal("0.10"), Decimal("-0.000"), Decimal("12345678901.20")]
    ),
)
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, WORDS),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)
extensions = st.dictionaries(
    st.sampled_from(["https://x.example/e/1", "https://x.example/e/ñ"]), anything, max_size=2
)


@st.composite
def agents(draw) -> dict[str, Any]:
    extra = draw(perhaps(objectType=st.just("Agent"), name=WORDS))
    return draw(st.sampled_from(IDENTIFIERS)) | extra


@st.composite
def groups(draw) -> dict[str, Any]:
    members = st.lists(agents(), min_size=1, max_size=2)
    kind = {"objectType": "Group"} | draw(perhaps(name=WORDS))
    if draw(st.booleans()):
        return kind | {"member": draw(members)}
    return kind | draw(st.sampled_from(IDENTIFIERS)) | draw(perhaps(member=members))


actors = agents() | groups()


@st.composite
def activities(draw) -> dict[str, Any]:
    definition = perhaps(
        name=language_maps,
        description=language_maps,
        type=st.just("https://x.example/types/lesson"),
        moreInfo=st.just("https://x.example/more"),
        extensions=extensions,
    )
    extra = draw(perhaps(objectType=st.just("Activity"), definition=definition))
    return {"id": draw(st.sampled_from(ACTIVITIES))} | extra


def references() -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from(IDS).map(lambda one: {"objectType": "StatementRef", "id": one})


@st.composite
def scores(draw) -> dict[str, Any]:
    low, raw, high = sorted(draw(st.lists(numbers, min_size=3, max_size=3)))
    scaled = st.decimals(-1, 1, places=2)
    return draw(perhaps(scaled=scaled, raw=st.just(raw), min=st.just(low), max=st.just(high)))


results = perhaps(
    score=scores(),
    success=st.booleans(),
    completion=st.booleans(),
    response=WORDS,
    duration=st.sampled_from(["PT8S", "P1DT2H", "PT1.234S", "P3W", "PT0.50S"]),
    extensions=extensions,
)


def contexts(version: str, *, of_activity: bool) -> st.SearchStrategy[dict[str, Any]]:
    some = st.lists(activities(), min_size=1, max_size=2) | activities()
    parts: dict[str, st.SearchStrategy] = {
        "registration": st.sampled_from(REGISTRATIONS),
        "instructor": actors,
        "team": groups(),
        "contextActivities": perhaps(parent=some, grouping=some, category=some, other=some),
        "language": st.sampled_from(TAGS),
        "statement": references(),
        "extensions": extensions,
    }
    if of_activity:
        parts |= {"revision": WORDS, "platform": WORDS}
    if version.startswith("2"):
        types = {"relevantTypes": st.just(["https://x.example/types/helper"])}
        for name, who, one in (
            ("contextAgents", "agent", agents()),
            ("contextGroups", "group", groups()),
        ):
            kind = st.just(name.removesuffix("s"))
            shape = st.fixed_dictionaries({"objectType": kind, who: one}, optional=types)
            parts[name] = st.lists(shape, min_size=1, max_size=2)
    return perhaps(**parts)


@st.composite
def bodies(draw, version: str, objects: st.SearchStrategy, verbs: list[str]) -> dict[str, Any]:
    """What statements and sub-statements have in common."""
    thing = draw(objects)
    of_activity = thing.get("objectType", "Activity") == "Activity"
    verb = {"id": draw(st.sampled_from(verbs))} | draw(perhaps(display=language_maps))
    more = perhaps(
        result=results,
        context=contexts(version, of_activity=of_activity),
        timestamp=st.sampled_from(TIMES),
    )
    return {"actor": draw(actors), "verb": verb, "object": thing} | draw(more)


def plain_objects() -> st.SearchStrategy[dict[str, Any]]:
    who = st.one_of(
        agents().map(lambda one: one | {"objectType": "Agent"}),
        groups(),
    )
    return st.one_of(activities(), who, references())


def substatements(version: str) -> st.SearchStrategy[dict[str, Any]]:
    return bodies(version, plain_objects(), VERBS).map(
        lambda one: one | {"objectType": "SubStatement"}
    )


def voiders() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"actor": actors, "verb": st.just({"id": VOIDED}), "object": references()}
    )


def statements(version: str) -> st.SearchStrategy[dict[str, Any]]:
    """Statements that ``version`` allows, without ids."""
    objects = st.one_of(plain_objects(), references(), substatements(version))
    ordinary = bodies(version, objects, VERBS)
    return st.one_of(ordinary, ordinary, ordinary, voiders())


@st.composite
def batches(draw, version: str) -> list[list[dict[str, Any]]]:
    """Up to eight statements with different ids, in batches of one and more."""
    ids = draw(st.lists(st.sampled_from(IDS), unique=True, min_size=1))
    made = [draw(statements(version)) | {"id": one} for one in ids]
    batched: list[list[dict[str, Any]]] = [[]]
    for one in made:
        if batched[-1] and draw(st.booleans()):
            batched.append([])
        batched[-1].append(one)
    return batched


# Each name by itself, wherever it stands: what is found least often.
WIDE = [
    *({"agent": one, "related_agents": True} for one in IDENTIFIERS),
    *({"activity": one, "related_activities": True} for one in ACTIVITIES),
]
_what = {
    "agent": st.sampled_from(IDENTIFIERS),
    "verb": st.sampled_from([*VERBS, VOIDED]),
    "activity": st.sampled_from(ACTIVITIES),
    "registration": st.sampled_from(REGISTRATIONS),
}
_how = {
    "related_agents": st.booleans(),
    "related_activities": st.booleans(),
    "ascending": st.booleans(),
    "since": st.integers(0, 7),  # the number of a statement, in the order of storing
    "until": st.integers(0, 7),
}


@st.composite
def searches(draw) -> dict[str, Any]:
    """One thing that is looked for or two at once, and how."""
    names = draw(st.lists(st.sampled_from(sorted(_what)), unique=True, max_size=2))
    asked = {name: draw(_what[name]) for name in names}
    return asked | draw(perhaps(**_how))
