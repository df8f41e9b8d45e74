import datetime
from io import StringIO

import pytest
from django.core.management import call_command

from core import states
from core.refusals import Refusal
from observation import policies
from observation.enums import Moment
from observation.models import Cycle, Item
from observation.policies import Answer, CycleSheet, ItemMean
from organisations.enums import AgeGroup

ALL_MOMENTS = list(Moment.values)
NEVER_NA = ["CAL2", "CAL3", "CAL5", "SEN1", "SEN2", "LEN1", "LEN2", "LEN4", "CON4"]


def sheet(number=1, moments=("ALI",), minutes=18, ratings=None, reason="") -> CycleSheet:
    start = datetime.datetime(2026, 1, 1, 9, tzinfo=datetime.UTC)
    cycle = Cycle(
        number=number,
        moments=list(moments),
        started_at=start.time(),
        ended_at=(start + datetime.timedelta(minutes=minutes)).time(),
        minutes_reason=reason,
    )
    return CycleSheet(cycle, {"CAL2": Answer("scored", 2)} if ratings is None else ratings)


def close(version, *sheets, age_group="MA"):
    items = list(version.items.filter(kind="scored").select_related("scale"))
    policies.may_be_closed(version, sheets, items, age_group)


def test_obstacles_are_all_told_at_once(version):
    items = list(version.items.filter(kind="scored").select_related("scale"))
    short = sheet(1, ["ALI"], minutes=14, ratings={})

    told = list(policies.obstacles(version, [short], items, "MA"))

    assert [sentence.split(".")[0] for sentence in told] == [
        "A session needs at least 2 cycles; this one has 1",
        "Cycle 1 lasted 14 minutes; a cycle lasts 15 to 20",
        "A session needs at least one moment of play or activity in a cycle",
        "Cycle 1 has no answers yet",
    ]


ROUTINE, PLAY = sheet(1, ["ALI"]), sheet(2, ["JUE"])


@pytest.mark.parametrize("minutes", [15, 16, 20])
def test_cycles_of_fifteen_to_twenty_minutes_may_close(version, minutes):
    close(version, sheet(1, ["ALI"], minutes), sheet(2, ["JUE"], minutes))


@pytest.mark.parametrize(
    ("sheets", "says"),
    [
        ([], "least 2"),
        ([sheet(1, ["ALI", "JUE"])], "least 2"),
        ([sheet(1, []), PLAY], "Cycle 1"),
        ([sheet(1, minutes=14), PLAY], "14 minutes"),
        ([ROUTINE, sheet(2, ["JUE"], minutes=21)], "21 minutes"),
        ([ROUTINE, sheet(2, ["HIG"])], "play or activity"),
        ([ROUTINE, sheet(2, ["TRA"])], "play or activity"),
        ([PLAY, sheet(1, ["EXT", "TRA"])], "care routine"),
        ([ROUTINE, sheet(2, ["JUE"], ratings={})], "Cycle 2"),
        ([ROUTINE, sheet(2, ["JUE"], ratings={"CAL2": Answer("missing")})], "Cycle 2"),
        (
            [
                ROUTINE,
                sheet(2, ["JUE"], ratings={"CAL2": Answer("scored", 1), "CAL6": Answer("na")}),
            ],
            "CAL6",
        ),
    ],
)
def test_close_is_refused_with_a_sentence(version, sheets, says):
    with pytest.raises(Refusal, match=says) as refused:
        close(version, *sheets)
    assert str(refused.value).endswith((".", "!"))


def test_cycle_without_times_is_refused(version):
    untimed = sheet(2, ["JUE"])
    untimed.cycle.ended_at = None

    with pytest.raises(Refusal, match="2"):
        close(version, ROUTINE, untimed)


def test_cycle_of_other_length_with_a_reason_may_close(version):
    close(version, ROUTINE, sheet(2, ["JUE"], minutes=12, reason="An evacuation drill"))


@pytest.mark.parametrize("code", NEVER_NA)
def test_not_applicable_never_for_nine_items(version, code):
    item = version.items.get(code=code)

    with pytest.raises(Refusal, match=code):
        policies.not_applicable_is_allowed(item, "There was no occasion")
    assert all(item.applies(age, [moment]) for age in AgeGroup for moment in Moment)


def test_not_applicable_by_hand_needs_a_reason(version):
    for item in version.items.filter(kind="scored").exclude(code__in=NEVER_NA):
        with pytest.raises(Refusal, match=item.code):
            policies.not_applicable_is_allowed(item, " ")
        policies.not_applicable_is_allowed(item, "Nobody was upset")


@pytest.mark.parametrize(
    ("code", "age_group", "moments", "applies"),
    [
        ("LEN5", "LC", ["JUE"], False),
        ("LEN5", "MA", ["JUE"], True),
        ("CON2", "LB", ["JUE"], False),
        ("CON2", "LC", ["JUE"], True),
        ("CON3", "LC", ALL_MOMENTS, False),
        ("CAL6", "LA", ["JUE"], False),
        ("SEN7", "LA", ["ALI"], False),
        ("SEN5", "MA", ["JUE", "ACT"], False),
        ("SEN5", "MA", ["JUE", "SUE"], True),
        ("SEN6", "MA", ["ALI"], False),
        ("LEN6", "MA", ["ALI", "FIL"], False),
        ("LEN7", "MA", ["EXT"], False),
        ("CAL1", "MA", ["JUE"], False),
        ("CON1", "MA", ["EXT"], False),
        ("CON4", "LA", ["SUE"], True),
    ],
)
def test_item_applies_by_age_group_and_moment(version, code, age_group, moments, applies):
    assert version.items.get(code=code).applies(age_group, moments) is applies


def test_unanswered_are_what_applies_without_an_answer(version):
    items = list(version.items.all())
    rated = dict.fromkeys(version.items.values_list("code", flat=True), Answer("scored", 1))
    del rated["CAL2"], rated["SEN5"], rated["ALE1"]

    left = policies.unanswered([sheet(2, ["JUE"], ratings=rated)], items, "MA")

    assert left == {2: ["CAL2"]}


def test_strengths_and_focus_follow_the_rule(version):
    items = {item.code: item for item in version.items.select_related("scale")}

    def means(**values):
        return [ItemMean(items[code], mean, 2) for code, mean in values.items()]

    strengths, focus = policies.strengths_and_focus(means(CAL2=3, CAL3=2.5, CAL4=2.5, SEN1=0.5))
    assert [each.item.code for each in strengths] == ["CAL2", "CAL3"]
    assert focus.item.code == "SEN1"

    strengths, focus = policies.strengths_and_focus(means(CAL2=1.5, CAL3=1))
    assert (strengths, focus.item.code) == ([], "CAL3")

    assert policies.strengths_and_focus(means(CAL2=3, CAL3=3, SEN1=3))[1] is None
    assert policies.strengths_and_focus([]) == ([], None)


def test_moves_lead_from_draft_to_closed_only():
    assert policies.MOVES.allow("draft", "closed")
    assert not policies.MOVES.allow("closed", "draft")
    assert not policies.MOVES.allow("draft", "draft")


def test_state_diagrams_in_the_documentation_are_up_to_date():
    assert policies.MOVES in states.registered()
    call_command("state_diagrams", check=True, stdout=StringIO())


def test_applies_in_a_room_without_age_group_by_moment_alone():
    item = Item(age_groups=["MA"], moments=["JUE"])

    assert item.applies("", ["JUE"])
    assert not item.applies("", ["ALI"])
