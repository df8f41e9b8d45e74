from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observation.actions import instruments
from observation.comparison import difference
from observation.enums import Change, Comparable
from tests.factories import instruments as other
from tests.factories import observation as make

YES, CARE, NO = Comparable.YES, Comparable.CARE, Comparable.NO
WORDS = other.words("Otra cosa")


def base() -> dict:
    """Two domains of three items each, in the form in which a version is kept."""
    said = other.content(items=6)
    said["domains"].append({"code": "B", "name": other.words("Sensibilidad")})
    said["scales"].append({"code": "FIVE", **other.FIVE})
    for item in said["items"][3:]:
        item["domain"] = "B"
    return instruments.canonical(said)


def changed(edit) -> dict:
    said = deepcopy(base())
    edit({item["code"]: item for item in said["items"]}, said)
    return instruments.canonical(said)


def put(code, **fields):
    return lambda items, said: items[code].update(fields)


def rule(**fields):
    return lambda items, said: said["rules"].update(fields)


def drop(items, said):
    said["items"].remove(items["A2"])


def add(items, said):
    said["items"].insert(1, items["A1"] | {"code": "NEW"})


def move(items, said):
    said["items"].insert(0, said["items"].pop(2))


def rename(items, said):
    said["domains"][0]["name"] = WORDS


def swap_domains(items, said):
    said["domains"].reverse()


def steps(said):
    return next(scale for scale in said["scales"] if scale["code"] == "S")


def name_steps(items, said):
    steps(said)["options"] = [{"value": 0, "label": WORDS}]


def longer(items, said):
    steps(said)["maximum"] = 4


ALL = ("A1", "A2", "A3", "A4", "A5", "A6")


@pytest.mark.parametrize(
    ("edit", "items", "scores"),
    [
        (put("A1", text=WORDS), {"A1": [Change.REWORDED]}, (CARE, YES, CARE)),
        (put("A1", scale="FIVE"), {"A1": [Change.RESCALED]}, (NO, YES, NO)),
        (put("A1", domain="B"), {"A1": [Change.DOMAIN]}, (NO, NO, NO)),
        (put("A1", weight=2), {"A1": [Change.WEIGHT]}, (NO, YES, NO)),
        (put("A4", anchors={"0": WORDS}), {"A4": [Change.ANCHORS]}, (YES, CARE, CARE)),
        (
            put("A1", na_allowed=True, na_rule=WORDS),
            {"A1": [Change.NOT_APPLICABLE, Change.NA_WORDS]},
            (NO, YES, NO),
        ),
        (put("A1", na_rule=WORDS), {"A1": [Change.NA_WORDS]}, (CARE, YES, CARE)),
        (put("A1", age_groups=["LA"]), {"A1": [Change.AGE_GROUPS]}, (NO, YES, NO)),
        (put("A1", moments=["ALI"]), {"A1": [Change.MOMENTS]}, (NO, YES, NO)),
        (put("A1", note=WORDS), {"A1": [Change.NOTE]}, (YES, YES, YES)),
        (put("A1", critical=True), {"A1": [Change.CRITICAL]}, (YES, YES, YES)),
        (put("A1", kind="context"), {"A1": [Change.KIND]}, (NO, YES, NO)),
        (add, {"NEW": [Change.ADDED]}, (NO, YES, NO)),
        (drop, {"A2": [Change.REMOVED]}, (NO, YES, NO)),
        (move, {"A3": [Change.ORDER]}, (YES, YES, YES)),
        (rename, {}, (YES, YES, YES)),
        (swap_domains, {}, (YES, YES, YES)),
        (name_steps, {key: [Change.ANCHORS] for key in ALL}, (CARE, CARE, CARE)),
        (longer, {key: [Change.RESCALED] for key in ALL}, (NO, NO, NO)),
        (rule(scoring="range"), {}, (NO, NO, NO)),
        (rule(moments_asked=True), {}, (NO, NO, NO)),
        (rule(minimum_answered="0.80"), {}, (CARE, CARE, CARE)),
        (rule(minimum_cycles=2), {}, (CARE, CARE, CARE)),
        (rule(segments=other.SEGMENTS), {}, (CARE, CARE, CARE)),
    ],
)
def test_difference_names_what_changed_and_which_scores_stay_comparable(edit, items, scores):
    found = difference(base(), changed(edit))

    assert found
    assert {item.code: list(item.changes) for item in found.items} == items
    assert {score.domain: score.verdict for score in found.scores} == dict(
        zip(["A", "B", None], scores, strict=True)
    )


def test_translation_more_is_no_other_wording():
    before = changed(put("A1", text={"es": "Saluda"}))
    after = changed(put("A1", text={"es": "Saluda", "en": "Greets"}))

    (item,) = difference(before, after).items
    (back,) = difference(after, before).items

    assert item.changes == (Change.TRANSLATED,)
    assert back.changes == (Change.REWORDED,)


def test_renamed_scale_that_says_the_same_is_no_change():
    def rename_scale(items, said):
        steps(said)["code"] = "T"
        for item in said["items"]:
            item["scale"] = "T"

    assert not difference(base(), changed(rename_scale))


def test_difference_of_domains_tells_new_renamed_moved_and_gone():
    def edit(items, said):
        said["domains"] = [
            {"code": "C", "name": WORDS},
            {"code": "B", "name": WORDS},
        ]
        for code in ("A1", "A2", "A3"):
            items[code]["domain"] = "C"

    found = difference(base(), changed(edit)).domains

    assert {each.code: list(each.changes) for each in found} == {
        "C": [Change.ADDED],
        "B": [Change.REWORDED],
        "A": [Change.REMOVED],
    }


def test_scores_name_what_stands_in_their_way():
    scores = difference(base(), changed(put("A4", text=WORDS))).scores

    assert [(score.domain, score.items) for score in scores] == [
        ("A", ()),
        ("B", ("A4",)),
        (None, ("A4",)),
    ]


def test_points_of_different_scales_have_no_score_over_all_to_compare():
    mean = changed(rule(scoring="mean"))
    for item in mean["items"][3:]:
        item["scale"] = "FIVE"

    assert [score.domain for score in difference(base(), mean).scores] == ["A", "B"]


def test_difference_to_itself_of_the_programmes_checklist_is_empty(db):
    said = instruments.content_of(make.checklist())

    found = difference(said, said)

    assert not found
    assert {score.verdict for score in found.scores} == {YES}


EDITS = {
    Change.REWORDED: lambda item: item.update(text=other.words("Nuevo texto")),
    Change.WEIGHT: lambda item: item.update(weight="7.00"),
    Change.ANCHORS: lambda item: item.update(anchors={"1": WORDS}),
    Change.AGE_GROUPS: lambda item: item.update(age_groups=["MC2"]),
    Change.CRITICAL: lambda item: item.update(critical=True),
    Change.RESCALED: lambda item: item.update(scale="FIVE"),
}


@given(
    edits=st.dictionaries(st.sampled_from(ALL), st.sampled_from(list(EDITS))),
    gone=st.sets(st.sampled_from(ALL), max_size=5),
    new=st.integers(0, 3),
    rng=st.randoms(use_true_random=False),
)
@settings(deadline=None, max_examples=150)
def test_difference_names_exactly_what_was_edited(edits, gone, new, rng):
    before, after = base(), base()
    for item in after["items"]:
        if item["code"] in edits:
            EDITS[edits[item["code"]]](item)
    after["items"] = [item for item in after["items"] if item["code"] not in gone]
    for number in range(new):
        place = rng.randint(0, len(after["items"]))
        after["items"].insert(place, base()["items"][0] | {"code": f"N{number}"})

    found = difference(before, after)

    expected = {code: (change,) for code, change in edits.items() if code not in gone}
    expected |= dict.fromkeys(gone, (Change.REMOVED,))
    expected |= {f"N{number}": (Change.ADDED,) for number in range(new)}
    assert {item.code: item.changes for item in found.items} == expected
    assert not difference(after, after)


@given(st.permutations(ALL[:3]))
def test_items_named_as_moved_are_enough_to_tell_the_order(order):
    before, after = base(), base()
    items = {item["code"]: item for item in after["items"]}
    after["items"] = [items[code] for code in (*order, *ALL[3:])]

    moved = {item.code for item in difference(before, after).items}

    assert [code for code in order if code not in moved] == sorted(set(ALL[:3]) - moved)
    assert len(moved) <= 2
