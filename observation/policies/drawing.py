"""Which clips a test asks for: drawn by a seed, so that anybody can draw them again."""

import random
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.refusals import Refusal
from observation.enums import ClipLevel


@dataclass(frozen=True)
class Drawable:
    """A clip that may be drawn; ``seen``: in how many earlier tests of the same observer."""

    code: str
    hash: str
    level: str
    alerts: bool
    seen: int = 0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def enough_clips(frame: Collection[Drawable], count: int) -> None:
    """A test takes ``count`` clips, some of them low, some middle and some high."""
    levels = {clip.level for clip in frame}
    if len(frame) < count or levels != set(ClipLevel.values):
        raise Refusal(
            _(
                "There are not enough test clips yet: a test takes %(count)s, of low, middle and "
                "high level. Ask the national coordination to publish more."
            )
            % {"count": count}
        )


def draw(frame: Collection[Drawable], count: int, seed: int) -> list[str]:
    """Codes of ``count`` clips of ``frame`` in the order in which they are to be coded.

    Levels take turns from low to high, so that they differ by one clip at most where the frame
    allows; within a level those seen least come first, then chance decides. If none of them holds
    an alert and one of the frame does, it takes the place of the last drawn of its level.
    """
    rng = random.Random(seed)  # noqa: S311 — to be repeated by anybody who knows the seed
    shuffled = sorted(frame, key=lambda clip: clip.code)
    rng.shuffle(shuffled)
    shuffled.sort(key=lambda clip: clip.seen)
    waiting = {level: [c for c in shuffled if c.level == level] for level in ClipLevel.values}
    drawn: list[Drawable] = []
    while len(drawn) < min(count, len(frame)):
        for queue in waiting.values():
            if queue and len(drawn) < count:
                drawn.append(queue.pop(0))
    _with_an_alert(drawn, [clip for queue in waiting.values() for clip in queue])
    rng.shuffle(drawn)
    return [clip.code for clip in drawn]


def _with_an_alert(drawn: list[Drawable], rest: Sequence[Drawable]) -> None:
    if any(clip.alerts for clip in drawn):
        return
    for one in (clip for clip in rest if clip.alerts):
        of_its_level = [place for place, clip in enumerate(drawn) if clip.level == one.level]
        drawn[of_its_level[-1]] = one
        return
