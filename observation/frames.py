"""The bridge from observation's rows to pandas. Read with values_list: no model is built."""

from typing import TypeVar

import pandas as pd
from django.db.models import Model, QuerySet

from observation.enums import ItemKind, RatingState
from observation.models import (
    CodingPair,
    Cycle,
    InstrumentVersion,
    Item,
    ObservationSession,
    Rating,
    SessionScore,
)
from organisations.enums import UnitKind
from organisations.models import Unit

Row = TypeVar("Row", bound=Model)
ALL = "ALL"  # the score over all domains
SESSION_COLUMNS = ["session", "room", "centre", "observed_on", "purpose", "observer", "caregiver"]
RATING_COLUMNS = ["session", "cycle", "item", "value", "state"]
SCORE_COLUMNS = [*SESSION_COLUMNS, "domain", "cycles", "score"]
PAIR_COLUMNS = ["pair", "occasion", "cycle", "item", "domain", "first", "second"]
PAIR_COLUMNS += ["first_observer", "second_observer"]
ITEM_COLUMNS = ["item", "domain", "weight", "minimum", "maximum"]


def items(version: InstrumentVersion) -> pd.DataFrame:
    """Scored items of ``version`` in their order, as ``measurement.scoring`` takes them.

    item (str, code), domain (str, code), weight (float), minimum and maximum (float, points; the
    lowest is 0 where none is set, the highest NaN where the scale is open).
    """
    rows = (
        version.items.filter(kind=ItemKind.SCORED)
        .order_by("order")
        .values_list("code", "domain__code", "weight", "scale__minimum", "scale__maximum")
    )
    frame = pd.DataFrame.from_records(list(rows), columns=ITEM_COLUMNS)
    numbers = ["weight", "minimum", "maximum"]
    frame[["item", "domain"]] = frame[["item", "domain"]].astype("str")
    frame[numbers] = frame[numbers].astype(float)
    return frame.fillna({"minimum": 0.0})


def sessions(rows: QuerySet[ObservationSession]) -> pd.DataFrame:
    """One row per session.

    session (object, uuid.UUID), room and centre (Int64, ids of units; centre <NA> where the unit
    is no room), observed_on (datetime64[us], day), purpose (str), observer and caregiver (Int64,
    ids of people). Which sessions count is the caller's choice: queries.official, queries.current.
    """
    records = _plain(rows).values_list(
        "pk", "unit_id", "unit__path", "observed_on", "purpose", "observer_id", "caregiver_id"
    )
    columns = ["session", "room", "path", *SESSION_COLUMNS[3:]]
    frame = pd.DataFrame.from_records(list(records), columns=columns)
    centres = Unit.objects.of_kind(UnitKind.CENTRE).order_by()
    by_path = dict(centres.values_list("path", "pk")) if len(frame) else {}
    frame["centre"] = frame["path"].str.slice(0, -Unit.steplen).map(by_path)
    frame["observed_on"] = pd.to_datetime(frame["observed_on"])
    return frame.astype(
        dict.fromkeys(["room", "centre", "observer", "caregiver"], "Int64")
        | {"observed_on": "datetime64[us]", "purpose": "str"}
    )[SESSION_COLUMNS]


def ratings(rows: QuerySet[ObservationSession]) -> pd.DataFrame:
    """One row per rating of the given sessions, alerts and context left out.

    session (object, uuid.UUID), cycle (int64, number), item (category, code), value (float64,
    points, NaN unless scored), state (category: scored, na, missing).
    """
    chosen = _plain(rows).values("pk")
    cycles = Cycle.objects.filter(session__in=chosen).order_by()
    places = pd.DataFrame.from_records(
        list(cycles.values_list("pk", "session_id", "number")), columns=["pk", "session", "cycle"]
    ).set_index("pk")
    given = Rating.objects.filter(cycle__session__in=chosen).order_by("cycle_id", "item_id")
    frame = pd.DataFrame.from_records(
        list(given.values_list("cycle_id", "item_id", "value", "state")),
        columns=["pk", "item", "value", "state"],
    )
    codes = dict(
        Item.objects.filter(pk__in=frame["item"].unique().tolist()).values_list("pk", "code")
    )
    frame["item"] = pd.Categorical(frame["item"].map(codes))
    frame["value"] = frame["value"].astype(float)
    frame["state"] = pd.Categorical(frame["state"], categories=RatingState.values)
    frame["session"] = places["session"].reindex(frame["pk"]).to_numpy()
    frame["cycle"] = places["cycle"].reindex(frame["pk"]).to_numpy(dtype="int64")
    return frame[RATING_COLUMNS]


def scores(rows: QuerySet[ObservationSession]) -> pd.DataFrame:
    """One row per session and domain: its stored scores.

    The columns of ``sessions``, then domain (category, code; "ALL" over all), cycles (int64,
    valid ones) and score (float64, NaN where not valid; 0 to 100, but in points of their scale
    for sessions that ``queries.in_percent`` leaves out).
    """
    given = SessionScore.objects.filter(session__in=_plain(rows).values("pk")).order_by()
    frame = pd.DataFrame.from_records(
        list(given.values_list("session_id", "domain__code", "cycles", "score")),
        columns=["session", "domain", "cycles", "score"],
    )
    frame["domain"] = pd.Categorical(frame["domain"].fillna(ALL))
    frame = frame.astype({"cycles": "int64", "score": float})
    return sessions(rows).merge(frame, on="session", how="inner")[SCORE_COLUMNS]


def double_codings(pairs: QuerySet[CodingPair]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What both observers of completed ``pairs`` gave, as ``agreement.double_coding`` takes it.

    Ratings, one row per pair, cycle (paired by its number) and item, items in their order: pair
    (int64, id), occasion (str, room and day), cycle (int64), item and domain (category, codes),
    first and second (float64, points, NaN unless scored), first_observer and second_observer
    (int64, ids). Scores, one row per observer, occasion and domain: occasion, domain (category;
    "ALL" over all), observer (int64), score (float64, NaN where not valid).
    """
    columns = ["pair", "room", "on", "first_observer", "second_observer", "s1", "s2"]
    places = pd.DataFrame.from_records(
        list(
            _plain(pairs).values_list(
                "pk",
                "room_id",
                "first_session__observed_on",
                "first_id",
                "second_id",
                "first_session",
                "second_session",
            )
        ),
        columns=columns,
    )
    places["occasion"] = places["room"].astype(str) + " " + places["on"].astype(str)
    coded = ObservationSession.objects.filter(pk__in=[*places["s1"], *places["s2"]])
    given = ratings(coded)[["session", "cycle", "item", "value"]]
    both = places.merge(given.rename(columns={"session": "s1", "value": "first"}), on="s1").merge(
        given.rename(columns={"session": "s2", "value": "second"}), on=["s2", "cycle", "item"]
    )
    versions = coded.order_by().values("version")
    known = Item.objects.filter(version__in=versions).order_by("order")
    domains = dict(known.values_list("code", "domain__code"))
    both["item"] = pd.Categorical(both["item"].astype(str), list(domains))
    both["domain"] = pd.Categorical(both["item"].astype(str).map(domains))
    both = both.sort_values(["item", "pair", "cycle"], kind="stable", ignore_index=True)
    sides = [
        places[["occasion", who, key]].set_axis(["occasion", "observer", "session"], axis=1)
        for who, key in (("first_observer", "s1"), ("second_observer", "s2"))
    ]
    found = scores(coded)[["session", "domain", "score"]]
    told = pd.concat(sides).drop_duplicates(["occasion", "observer"]).merge(found, on="session")
    return both[PAIR_COLUMNS], told[["occasion", "domain", "observer", "score"]]


def _plain(rows: QuerySet[Row]) -> QuerySet[Row]:
    """``rows`` without order: sorting 50,000 sessions inside a subquery costs for nothing."""
    return rows if rows.query.is_sliced else rows.order_by()
