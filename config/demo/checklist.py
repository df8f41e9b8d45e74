"""The checklist as arrays, and ratings drawn from it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from config.demo import scales
from observation.enums import ItemKind, VersionStatus
from observation.models import InstrumentVersion
from organisations.enums import AgeGroup

# Moments of a cycle of care and of a cycle of play: a session has one of each.
CARE = [["ALI"], ["HIG"], ["ALI", "HIG"], ["SUE", "TRA"], ["FIL", "TRA"], ["HIG", "TRA"]]
PLAY = [["JUE"], ["ACT"], ["EXT"], ["JUE", "ACT"], ["ACT", "TRA"], ["HIG", "EXT"]]
MOMENTS = CARE + PLAY
AGE_GROUPS = [group.value for group in AgeGroup]
SCORED, NOT_APPLICABLE, MISSING = 0, 1, 2  # as in measurement.scoring
REASONS = {
    "SEN3": "Nadie lloró ni se alteró durante el ciclo.",
    "CON2": "No hicieron falta límites.",
    "CON3": "No hubo conflictos.",
}
REASON_OTHERWISE = "El momento no dio ocasión."


@dataclass(frozen=True)
class Checklist:
    """Scored items in their order: keys, codes, domains, and where each applies."""

    version: InstrumentVersion
    ids: np.ndarray
    codes: list[str]
    domain_ids: list[int]
    domain: np.ndarray  # place of each item's domain in domain_ids
    difficulty: np.ndarray
    applies: np.ndarray  # age groups × moments × items
    by_age: dict[str, np.ndarray]  # the items of each age group, whatever the moment
    chance_of_na: np.ndarray
    reasons: list[str]
    items: pd.DataFrame  # as measurement.scoring takes them: item and domain are places
    alert_ids: list[int]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Ratings:
    """Sessions × cycles × items."""

    moments: np.ndarray  # sessions × cycles: places in MOMENTS
    state: np.ndarray
    value: np.ndarray  # 0 where not scored
    by_hand: np.ndarray  # not applicable by the observer's judgement, with a reason


def read(rng: np.random.Generator) -> Checklist:
    """The published checklist, each item with a difficulty drawn around its domain's."""
    version = (
        InstrumentVersion.objects.filter(
            instrument__code="checklist", status=VersionStatus.PUBLISHED
        )
        .order_by("-number")
        .first()
    )
    if version is None:
        raise ValueError("The checklist is not loaded; run load_checklist first.")
    everything = list(version.items.select_related("domain", "scale").order_by("order"))
    items = [item for item in everything if item.kind == ItemKind.SCORED]
    domains = list(dict.fromkeys(item.domain for item in items))
    place = {domain.pk: k for k, domain in enumerate(domains)}
    middle = np.array([scales.DIFFICULTY[item.domain.code] for item in items])
    chance = [
        scales.NOT_APPLICABLE.get(item.code, scales.NOT_APPLICABLE_OTHERWISE)
        if item.na_allowed
        else 0.0
        for item in items
    ]
    return Checklist(
        version=version,
        ids=np.array([item.pk for item in items]),
        codes=[item.code for item in items],
        domain_ids=[domain.pk for domain in domains],
        domain=np.array([place[item.domain_id] for item in items]),
        difficulty=middle + rng.normal(0, scales.DIFFICULTY_SPREAD, len(items)),
        applies=np.array(
            [
                [[item.applies(group, moments) for item in items] for moments in MOMENTS]
                for group in AGE_GROUPS
            ]
        ),
        by_age={
            group: np.array([item.applies(group, []) for item in items]) for group in AGE_GROUPS
        },
        chance_of_na=np.array(chance),
        reasons=[REASONS.get(item.code, REASON_OTHERWISE) for item in items],
        items=pd.DataFrame(
            {
                "item": range(len(items)),
                "domain": [place[item.domain_id] for item in items],
                "weight": [float(item.weight) for item in items],
                "minimum": [float(item.scale.minimum or 0) for item in items],
                "maximum": [float(item.scale.maximum or 0) for item in items],
            }
        ),
        alert_ids=[item.pk for item in everything if item.kind == ItemKind.ALERT],
    )


def moments(occasions: int, rng: np.random.Generator) -> np.ndarray:
    """Occasions × 2 places in MOMENTS: care first, then play."""
    care = rng.integers(0, len(CARE), occasions)
    return np.column_stack([care, len(CARE) + rng.integers(0, len(PLAY), occasions)])


def rate(
    checklist: Checklist,
    level: np.ndarray,
    age: np.ndarray,
    seen: np.ndarray,
    occasion: np.ndarray,
    rng: np.random.Generator,
) -> Ratings:
    """Draw what observers wrote down.

    ``level``: sessions × domains in latent points, rater and occasion included. ``age``: place of
    the room's age group. ``seen``: sessions × 2 places in MOMENTS. Sessions of one ``occasion`` saw
    the same, so that they share most of what an item happens to show.
    """
    shape = (len(level), 2, len(checklist))
    noise = (scales.VARIANCE["noise"] * scales.RATINGS_PER_SCORE) ** 0.5
    latent = (level[:, checklist.domain] - checklist.difficulty)[:, None, :]
    occasions, which = np.unique(occasion, return_inverse=True)
    together = rng.normal(0, noise, (len(occasions), *shape[1:]))[which]
    shared = scales.SHARED_NOISE
    latent = latent + shared**0.5 * together + (1 - shared) ** 0.5 * rng.normal(0, noise, shape)
    value = (latent[..., None] > np.array(scales.STEPS)).sum(axis=-1)

    applies = checklist.applies[age[:, None], seen]
    by_hand = applies & (rng.random(shape) < checklist.chance_of_na)
    left_out = rng.random(shape) < scales.MISSING
    some = np.flatnonzero(rng.random(len(level)) < scales.SESSIONS_WITH_A_DOMAIN_LEFT_OUT)
    domain = rng.integers(0, len(checklist.domain_ids), len(some))
    left_out[some] |= (checklist.domain == domain[:, None])[:, None, :] & (
        rng.random((len(some), *shape[1:])) < 0.8
    )
    state = np.where(applies, np.where(left_out, MISSING, SCORED), NOT_APPLICABLE)
    state[by_hand] = NOT_APPLICABLE
    return Ratings(seen, state, np.where(state == SCORED, value, 0), by_hand)
