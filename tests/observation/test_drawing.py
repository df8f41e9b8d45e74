"""Which clips a test asks for."""

import pytest

from core.refusals import Refusal
from observation import policies


def frame(**levels) -> list[policies.Drawable]:
    return [
        policies.Drawable(f"{level}-{n}", "", level, alerts=f"{level}-{n}" == "high-2")
        for level, count in levels.items()
        for n in range(count)
    ]


@pytest.mark.parametrize("seed", range(20))
def test_draw_spans_the_levels_holds_an_alert_and_can_be_repeated(seed):
    clips = frame(low=3, mid=4, high=3)

    drawn = policies.draw(clips, 5, seed)

    assert drawn == policies.draw(clips[::-1], 5, seed)
    counts = [sum(code.startswith(level) for code in drawn) for level in ("low", "mid", "high")]
    assert counts == [2, 2, 1]
    assert "high-2" in drawn
    assert len(set(drawn)) == 5


def test_draw_prefers_clips_that_she_was_not_tested_with():
    seen = [policies.Drawable(f"{level}-old", "", level, False, 1) for level in ("low", "mid")]

    assert not {"low-old", "mid-old"} & set(
        policies.draw([*frame(low=2, mid=2, high=2), *seen], 5, 1)
    )


@pytest.mark.parametrize("levels", [{"low": 2, "mid": 2}, {"low": 2, "mid": 1, "high": 1}, {}])
def test_draw_needs_enough_clips_of_each_level(levels):
    with pytest.raises(Refusal, match="not enough test clips"):
        policies.enough_clips(frame(**levels), 5)
