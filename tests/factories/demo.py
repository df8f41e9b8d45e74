"""A demonstration country small enough for a test."""

import datetime
from dataclasses import replace

from config.demo import loading
from config.demo.scales import SCALES, Scale

DAY = datetime.date(2026, 3, 4)
TINY = replace(
    SCALES["small"],
    name="tiny",
    regions=2,
    zones_per_region=1,
    centres=6,
    rooms_per_centre=3,
    caregivers=45,
    mentors=4,
    sessions=140,
    statements=300,
    guides=72,
)


def load(seed: int = 1, scale: Scale = TINY) -> list[str]:
    """Load a country; return what was said."""
    said: list[str] = []
    loading.Loader(scale, seed, DAY, said.append).run()
    return said
