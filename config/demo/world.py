"""What every stage works on."""

from dataclasses import dataclass

import numpy as np

from config.demo.checklist import Checklist
from config.demo.people import People
from config.demo.places import Places
from config.demo.quality import Quality
from config.demo.scales import Scale


@dataclass(frozen=True)
class World:
    """The country as it was drawn, on the day that counts as today."""

    scale: Scale
    day: np.datetime64
    places: Places
    people: People
    checklist: Checklist
    quality: Quality
