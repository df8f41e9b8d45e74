"""What is true in the demonstration country, before anybody looks."""

from dataclasses import dataclass

import numpy as np

from config.demo import scales
from config.demo.people import People
from config.demo.places import Places


@dataclass(frozen=True)
class Quality:
    """Latent points: 0 is the country's mean, 1 the standard deviation of a session's score."""

    centre: np.ndarray  # region and centre together, per centre
    room: np.ndarray  # region, centre and room together, per room
    room_by_domain: np.ndarray  # rooms × domains
    zonal_severity: np.ndarray
    mentor_severity: np.ndarray
    mentor_gain: np.ndarray  # what a completed first cycle adds; 0 for a third of the mentors
    learning_gain: np.ndarray  # what a completed lesson adds, per centre; 0 for a third


def draw(places: Places, people: People, domains: int, rng: np.random.Generator) -> Quality:
    """Draw all levels by the table of variances."""

    def spread(source: str, *shape: int) -> np.ndarray:
        return rng.normal(0, scales.VARIANCE[source] ** 0.5, shape)

    rooms, mentors = len(places.rooms), len(people.mentors)
    centre = spread("region", len(places.regions))[places.centre_region]
    centre = centre + spread("centre", len(places.centres))
    gain = np.clip(
        rng.normal(scales.MENTORING_GAIN, scales.MENTORING_GAIN_SPREAD, mentors), 0.05, None
    )
    gain[rng.permutation(mentors)[: round(mentors * scales.MENTORS_WITHOUT_EFFECT)]] = 0
    learning = np.full(len(places.centres), scales.LEARNING_GAIN)
    none = rng.random(len(places.centres)) < scales.CENTRES_WITHOUT_LEARNING_EFFECT
    learning[none] = 0
    return Quality(
        centre=centre,
        room=centre[places.rooms.parent] + spread("room", rooms),
        room_by_domain=spread("room_by_domain", rooms, domains) * domains**0.5,
        zonal_severity=spread("rater", len(people.zonal)),
        mentor_severity=spread("rater", mentors),
        mentor_gain=gain,
        learning_gain=learning,
    )
