"""A draw that anybody can repeat with nothing but SHA-256 and whole numbers."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Sealed:
    """A unit of the frame: its name, and the stratum that it lies in."""

    name: str
    stratum: str


def sealed_draw(
    frame: Sequence[Sealed], seed: str, frame_hash: str, share: int, minimum: int = 0
) -> list[str]:
    """Names of the drawn units: ``share`` in 100 of ``frame``, spread evenly over the strata.

    Each unit gets the key SHA-256(seed, frame hash, name), joined by line feeds. Units are walked
    by stratum and key, and the i-th is drawn where ⌊(i·share + u)/100⌋ > ⌊((i−1)·share + u)/100⌋;
    the start u is SHA-256(seed, frame hash) modulo 100. So each unit has the chance share/100, and
    all units together as well as each stratum get their share rounded down or up. Strata that got
    fewer than ``minimum`` take more in the order of their keys, which raises the share.
    Source: systematic sampling of an ordered list, Cochran (1977), Sampling Techniques, ch. 8.
    Checked by hand on ten units, and by 2,000 seeds: each unit's frequency is its share.
    """
    if not 1 <= share <= 100:
        raise ValueError("The share must lie between 1 and 100 in 100.")
    if len({unit.name for unit in frame}) < len(frame):
        raise ValueError("Each unit of the frame needs a name of its own.")
    keys = {unit.name: _digest(seed, frame_hash, unit.name) for unit in frame}
    start = int(_digest(seed, frame_hash), 16) % 100
    walk = sorted(frame, key=lambda unit: (unit.stratum, keys[unit.name]))
    drawn = {
        unit.name
        for i, unit in enumerate(walk)
        if ((i + 1) * share + start) // 100 > (i * share + start) // 100
    }
    for stratum in {unit.stratum for unit in frame}:
        own = [unit.name for unit in walk if unit.stratum == stratum]
        lacking = minimum - len(drawn.intersection(own))
        drawn.update([name for name in own if name not in drawn][: max(lacking, 0)])
    return [unit.name for unit in frame if unit.name in drawn]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
