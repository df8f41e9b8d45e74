"""How large a demonstration country is, and how its numbers come about: two tables."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Totals of one demonstration country. Sessions, statements and guides are met exactly."""

    name: str
    regions: int  # regions with centres; the other regions of the country stay empty
    zones_per_region: int
    centres: int
    rooms_per_centre: int
    caregivers: int
    mentors: int
    mentee_share: float  # of the caregivers, those a mentor accompanies
    sessions: int  # each of two cycles, as the checklist demands
    statements: int
    guides: int
    visits_per_centre: int = 2


SCALES = {
    "small": Scale(
        name="small",
        regions=3,
        zones_per_region=2,
        centres=12,
        rooms_per_centre=4,
        caregivers=120,
        mentors=8,
        mentee_share=0.6,
        sessions=400,
        statements=800,
        guides=144,
    ),
    "national": Scale(
        name="national",
        regions=35,
        zones_per_region=4,
        centres=1_400,
        rooms_per_centre=6,
        caregivers=25_000,
        mentors=700,
        mentee_share=0.5,
        sessions=50_000,
        statements=200_000,
        guides=17_000,
    ),
}

# Where the variance of a session's overall score comes from; the shares add to one.
VARIANCE = {
    "region": 0.12,
    "centre": 0.18,
    "room": 0.29,
    "room_by_domain": 0.02,  # once averaged over the domains
    "rater": 0.12,  # severity: the same observer is strict or lenient everywhere
    "occasion": 0.22,  # the same room on another day
    "noise": 0.05,  # what is left of item noise once a session's ratings are averaged
}
SHARED_NOISE = 0.85  # of the noise, what two observers of the same cycle have in common
RATINGS_PER_SCORE = 36  # answered ratings that a session's score averages, about

# Latent points (standard deviations of a session's score). Higher is harder.
DIFFICULTY = {"CAL": -1.0, "SEN": -0.2, "LEN": 0.7, "CON": 0.0}
DIFFICULTY_SPREAD = 0.5
STEPS = (-1.9, -0.2, 1.7)  # an item reaches 1, 2, 3 above these

# What mentoring and learning add to a room, in latent points.
MENTORS_WITHOUT_EFFECT = 1 / 3
MENTORING_GAIN, MENTORING_GAIN_SPREAD = 0.30, 0.12
GAIN_BY_CYCLE = (1.0, 0.6, 0.4)  # of the first, second and each further cycle in a room
CENTRES_WITHOUT_LEARNING_EFFECT = 1 / 3
LEARNING_GAIN = 0.10

# How far what parents see goes with the quality of the same centre.
PARENTS_FOLLOW_QUALITY = 0.45

# Answers left out.
MISSING = 0.015
SESSIONS_WITH_A_DOMAIN_LEFT_OUT = 0.02
DOUBLE_CODED = 0.17  # of official sessions; the programme asks for 15 to 20 in 100
ALERTS = 0.003  # of sessions
DRIFT, DRIFT_DAYS = 3.5, 300  # latent points by which one observer moves in her last so many days
NOT_APPLICABLE = {"SEN3": 0.30, "CON3": 0.40, "CON2": 0.20}  # where allowed; others:
NOT_APPLICABLE_OTHERWISE = 0.02

CYCLES_PER_MENTEE = (0.62, 0.30, 0.08)  # one, two, three
CANCELLED = 0.07
CAREGIVERS_WHO_LEFT = 0.03

# Observers by how their certificate stands; and how often their codes equal the master codes.
OBSERVERS = {"renewed": 0.72, "expiring": 0.10, "expired": 0.06, "failed": 0.06, "never": 0.06}
CODES_RIGHT, CODES_RIGHT_FAILING = 0.84, 0.45
