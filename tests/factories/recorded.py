"""Sessions as the recorder holds them, drawn at random, beside the same as rows of the server."""

import datetime
import random
from typing import Any

from observation.enums import (
    CARE_ROUTINES,
    PLAY_OR_ACTIVITY,
    InstrumentKind,
    ItemKind,
    Moment,
    RatingState,
    ScaleKind,
)
from observation.models import Cycle, Instrument, InstrumentVersion, Item, Scale
from observation.policies import Answer, CycleSheet
from organisations.enums import AgeGroup

MOMENTS = [
    {
        "value": value,
        "label": {},
        "group": "care" if value in CARE_ROUTINES else "play" if value in PLAY_OR_ACTIVITY else "",
    }
    for value in Moment.values
]


def some(rng: random.Random, values: list[str], chance: float = 0.5) -> list[str]:
    """Each of ``values`` with ``chance``, or none of them in every third case."""
    return [] if rng.random() < 1 / 3 else [value for value in values if rng.random() < chance]


def instrument(rng: random.Random) -> dict[str, Any]:
    """An instrument as the agenda gives it, with rules and items of all sorts."""
    low, high = rng.choice([(15, 20), (None, 20), (10, None), (None, None)])
    kinds = [ItemKind.SCORED] * 6 + [ItemKind.CONTEXT, ItemKind.ALERT]
    return {
        "code": "drawn",
        "version": 1,
        "hash": "0" * 64,
        "name": {"es": "Inventado"},
        "content": {
            "rules": {
                "minimum_cycles": rng.randint(1, 3),
                "cycle_minutes": low,
                "cycle_minutes_most": high,
                "minimum_answered": "0.60",
                "moments_asked": rng.random() < 0.8,
                "routine_and_play": rng.random() < 0.8,
            },
            "domains": [{"code": "D", "name": {"es": "Dominio"}}],
            "scales": [
                {"code": "S", "kind": "ordinal", "minimum": 1, "maximum": 7, "options": []},
                {"code": "C", "kind": "integer", "minimum": 0, "maximum": 20, "options": []},
            ],
            "items": [
                {
                    "domain": "D",
                    "scale": rng.choice("SC"),
                    "code": f"I{number}",
                    "kind": kind.value,
                    "text": {"es": f"Ítem {number}"},
                    "age_groups": some(rng, AgeGroup.values),
                    "moments": some(rng, Moment.values),
                    "na_allowed": rng.random() < 0.5,
                }
                for number, kind in enumerate(kinds)
            ],
        },
    }


def session(rng: random.Random, content: dict[str, Any]) -> dict[str, Any]:
    """A draft in which much is missing or wrong."""
    numbers = range(1, rng.randint(0, 3) + 1)
    return {
        "age_group": rng.choice(["", *AgeGroup.values]),
        "cycles": [_cycle(rng, content, number) for number in numbers],
    }


def _cycle(rng: random.Random, content: dict[str, Any], number: int) -> dict[str, Any]:
    start = datetime.datetime(
        2026, 3, 4, 9, rng.randint(0, 59), rng.randint(0, 59), tzinfo=datetime.UTC
    )
    end = start + datetime.timedelta(minutes=rng.randint(1, 40), seconds=rng.randint(0, 59))
    ratings = {}
    for item in content["items"]:
        state = rng.choice([*RatingState.values, RatingState.SCORED.value, ""])
        if state and item["kind"] == ItemKind.SCORED:
            value = rng.randint(-1, 25) if state == RatingState.SCORED else None
            note = rng.choice(["", " ", "Dormían"])
            ratings[item["code"]] = {"state": state, "value": value, "note": note, "marks": []}
    return {
        "number": number,
        "moments": some(rng, Moment.values, 0.3),
        "started_at": rng.choice(["", f"{start:%H:%M:%S}"]),
        "ended_at": rng.choice(["", f"{end:%H:%M:%S}", f"{end:%H:%M:%S}"]),
        "minutes_reason": rng.choice(["", " ", "Simulacro"]),
        "context": {},
        "pauses": [],
        "notes": [],
        "ratings": ratings if rng.random() < 0.9 else {},
    }


def version_of(drawn: dict[str, Any]) -> InstrumentVersion:
    """The instrument as an unsaved row."""
    kind = InstrumentKind.CHECKLIST
    return InstrumentVersion(instrument=Instrument(kind=kind), **drawn["content"]["rules"])


def items_of(drawn: dict[str, Any]) -> list[Item]:
    """Its scored items as unsaved rows, in order."""
    scales = {
        scale["code"]: Scale(**{**scale, "kind": ScaleKind(scale["kind"])})
        for scale in drawn["content"]["scales"]
    }
    return [
        Item(
            code=item["code"],
            kind=item["kind"],
            scale=scales[item["scale"]],
            age_groups=item["age_groups"],
            moments=item["moments"],
            na_allowed=item["na_allowed"],
        )
        for item in drawn["content"]["items"]
        if item["kind"] == ItemKind.SCORED
    ]


def sheets_of(drawn: dict[str, Any]) -> list[CycleSheet]:
    """Its cycles as the server would keep them: one that says nothing is taken out."""
    return [
        CycleSheet(
            Cycle(
                number=cycle["number"],
                moments=cycle["moments"],
                started_at=_time(cycle["started_at"]),
                ended_at=_time(cycle["ended_at"]),
                minutes_reason=cycle["minutes_reason"].strip(),
            ),
            {
                code: Answer(
                    rating["state"], rating["value"], rating["note"], tuple(rating["marks"])
                )
                for code, rating in cycle["ratings"].items()
            },
        )
        for cycle in drawn["cycles"]
        if cycle["moments"] or cycle["started_at"] or cycle["ended_at"] or cycle["ratings"]
    ]


def _time(text: str) -> datetime.time | None:
    return datetime.time.fromisoformat(text) if text else None


def _item(code: str, scale: str, kind: ItemKind = ItemKind.SCORED, **more) -> dict[str, Any]:
    text = {"es": f"Ítem {code}", "en": f"Item {code}"}
    return {"domain": "D", "scale": scale, "code": code, "kind": kind.value, "text": text} | more


def _labels(*pairs: tuple[Any, str]) -> list[dict[str, Any]]:
    return [{"value": value, "label": {"en": label}} for value, label in pairs]


# An instrument of every kind of answer, with timed segments and without moments.
OTHER: dict[str, Any] = {
    "rules": {
        "minimum_cycles": 1,
        "cycle_minutes": 20,
        "cycle_minutes_most": 30,
        "minimum_answered": "0.50",
        "scoring": "range",
        "moments_asked": False,
        "segments": [
            {"code": "A", "name": {"en": "First part"}, "minutes": 15, "snapshots": [4, 9]},
            {"code": "B", "name": {"en": "Second part"}, "minutes": 10, "snapshots": [4]},
        ],
    },
    "domains": [{"code": "D", "name": {"es": "Dominio", "en": "Domain"}}],
    "scales": [
        {"code": "SEVEN", "kind": "ordinal", "minimum": 1, "maximum": 7},
        {
            "code": "LMH",
            "kind": "ordinal",
            "minimum": 1,
            "maximum": 3,
            "options": _labels((1, "low"), (2, "mid"), (3, "high")),
        },
        {"code": "YN", "kind": "yes_no", "minimum": 0, "maximum": 1},
        {"code": "YNU", "kind": "yes_no_unseen", "minimum": 0, "maximum": 1},
        {"code": "HERE", "kind": "presence", "minimum": 0, "maximum": 1},
        {"code": "COUNT", "kind": "integer", "minimum": 0, "maximum": 40},
        {"code": "LOOKS", "kind": "snapshots", "minimum": 0, "maximum": 3},
        {"code": "PAIR", "kind": "integer_pair", "minimum": 0, "maximum": 99},
        {"code": "WORDS", "kind": "text"},
        {"code": "WHEN", "kind": "time_range"},
        {
            "code": "WHERE",
            "kind": "choice",
            "options": _labels(("IN", "inside"), ("OUT", "outside")),
        },
    ],
    "items": [
        _item("S7", "SEVEN"),
        _item("LMH", "LMH"),
        _item("YN", "YN"),
        _item("YNU", "YNU"),
        _item("HERE", "HERE"),
        _item("COUNT", "COUNT", na_allowed=True, na_rule={"es": "Sin niñas ni niños en la sala."}),
        _item("LOOKS", "LOOKS"),
        _item("C1", "PAIR", ItemKind.CONTEXT),
        _item("C2", "WORDS", ItemKind.CONTEXT),
        _item("C3", "WHEN", ItemKind.CONTEXT),
        _item("C4", "WHERE", ItemKind.CONTEXT),
        _item("C5", "YN", ItemKind.CONTEXT),
        _item("C6", "COUNT", ItemKind.CONTEXT),
    ],
}
