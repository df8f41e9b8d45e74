import pytest

from core.refusals import Refusal
from observation.actions import instruments
from tests.factories import instruments as other
from tests.factories.instruments import COUNT, FIVE, LOOKS, SEGMENTS


@pytest.mark.parametrize(
    ("scale", "rules", "says"),
    [
        (COUNT, {}, "no highest value"),
        (COUNT, {"scoring": "range"}, "no highest value"),
        ({"kind": "ordinal", "minimum": 1}, {"scoring": "mean"}, "no highest value"),
        ({"kind": "ordinal", "minimum": 3, "maximum": 3}, {}, "must lie below"),
        ({"kind": "ordinal", "minimum": -2, "maximum": 2}, {}, "goes below 0"),
        ({"kind": "ordinal", "minimum": 0, "maximum": 50}, {}, "more than 21 steps"),
        ({"kind": "yes_no", "minimum": 0, "maximum": 3}, {}, "0 or 1 alone"),
        ({"kind": "yes_no"}, {}, "no highest value"),
        ({"kind": "text"}, {}, "does not go with its type"),
        (LOOKS | {"maximum": 4}, {"segments": SEGMENTS}, "minutes of 3"),
        (LOOKS | {"minimum": 1}, {}, "from 0"),
        (LOOKS, {"segments": [SEGMENTS[0] | {"minutes": 10}]}, "ends before minute 14"),
        (FIVE, {"minimum_cycles": 0}, "1 to 6 cycles"),
        (FIVE, {"minimum_cycles": 9}, "1 to 6 cycles"),
        (FIVE, {"cycle_minutes": 20, "cycle_minutes_most": 10}, "shorter than the shortest"),
        (FIVE, {"minimum_answered": "1.50"}, "up to 1"),
    ],
)
def test_publish_of_what_cannot_be_scored_is_refused(db, scale, rules, says):
    version = other.draft(other.content(scale, **rules))

    with pytest.raises(Refusal, match=says):
        instruments.publish(version=version)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"weight": 0}, "weight above 0"),
        ({"code": "moments"}, "begins with a letter"),
        ({"code": "A-1"}, "begins with a letter"),
        ({"na_allowed": True}, "when it is not applicable"),
    ],
)
def test_publish_of_an_item_that_cannot_be_recorded_is_refused(db, change, says):
    said = other.content(FIVE)
    said["items"][0] |= change

    with pytest.raises(Refusal, match=says):
        instruments.publish(version=other.draft(said))
