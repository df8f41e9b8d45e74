"""Scores of a checklist from its ratings: never impute, never guess."""

from fractions import Fraction

import numpy as np
import pandas as pd

MINIMUM_ANSWERED = Fraction(3, 5)
STATES = ("scored", "na", "missing")
RULES = PERCENT, RANGE, MEAN = ("percent", "range", "mean")
DOMAIN_COLUMNS = ["session", "cycle", "domain", "applicable", "answered", "score", "valid"]
SESSION_COLUMNS = ["session", "domain", "cycles", "score"]
ALL = "ALL"


def domain_scores(
    ratings: pd.DataFrame,
    items: pd.DataFrame,
    minimum_answered: float | str | Fraction = MINIMUM_ANSWERED,
    rule: str = PERCENT,
) -> pd.DataFrame:
    """Score of each domain in each cycle, 0 to 100, or in points of the scale by the rule "mean".

    ``ratings``: session, cycle, item, value (float, NaN unless scored), state ("scored", "na",
    "missing"), at most one row per session, cycle and item. ``items``: item, domain, weight (> 0),
    minimum and maximum (the ends of its scale; NaN is open, by the rule "mean" alone) of every
    scored item of ONE instrument version. An item without a row counts as missing: only "na" takes
    it out.

    score = Σ w·points / Σ w over the answered items, where points are, by ``rule``,
    "percent": 100 · value / maximum, which for equal weights and a 0–3 scale is mean × 100/3;
    "range": 100 · (value - minimum) / (maximum - minimum); "mean": the value itself.
    valid = answered ≥ minimum_answered × applicable, in whole numbers (3 of 5 passes 60 %), with
    at least one answered; the score is NaN where not valid.

    Returns one row per cycle and domain, cycles in the order given and domains in the order of
    ``items``: session, cycle, domain, applicable (int), answered (int), score (float),
    valid (bool). Raises ValueError for wrong input. Source: the programme's checklist rules;
    checked against scores worked by hand.
    """
    least = _proportion(minimum_answered)
    items = _checked_items(items, rule)
    domain_of_item, domains = pd.factorize(items["domain"])
    weight = items["weight"].to_numpy(dtype=float)
    ends = items[["minimum", "maximum"]].to_numpy(dtype=float, na_value=np.nan)
    n_items, n_domains = len(items), len(domains)

    _need(ratings, ["session", "cycle", "item", "value", "state"], "Ratings")
    item = pd.Index(items["item"]).get_indexer(ratings["item"])
    if (item < 0).any():
        strangers = sorted(map(str, ratings["item"][item < 0].unique()))
        raise ValueError(f"These rated items are not in the table of items: {strangers[:5]}.")
    session, sessions = _codes(ratings["session"], "session")
    cycle, cycles = _codes(ratings["cycle"], "cycle")
    cell, cells = pd.factorize(session.astype(np.int64) * max(1, len(cycles)) + cycle)
    if _repeats(cell.astype(np.int64) * n_items + item, len(cells) * n_items):
        raise ValueError("An item is rated twice in the same cycle of a session.")
    value = ratings["value"].to_numpy(dtype=float, na_value=np.nan)
    scored, na = _checked_states(ratings["state"], value, ends[item])

    place = cell * n_domains + domain_of_item[item]
    size = len(cells) * n_domains
    shape = (len(cells), n_domains)
    per_domain = np.bincount(domain_of_item, minlength=n_domains)
    applicable = per_domain - np.bincount(place[na], minlength=size).reshape(shape)
    place, used = place[scored], item[scored]
    answered = np.bincount(place, minlength=size).reshape(shape)
    weights = np.bincount(place, weight[used], size).reshape(shape)
    worth = weight[used] * _points(value[scored], ends[used], rule)
    points = np.bincount(place, worth, size).reshape(shape)

    valid = (answered * least.denominator >= applicable * least.numerator) & (answered > 0)
    score = np.full(shape, np.nan)
    np.divide(points, weights, out=score, where=valid)
    return pd.DataFrame(
        {
            "session": np.repeat(sessions.take(cells // max(1, len(cycles))), n_domains),
            "cycle": np.repeat(cycles.take(cells % max(1, len(cycles))), n_domains),
            "domain": np.tile(domains, len(cells)),
            "applicable": applicable.ravel(),
            "answered": answered.ravel(),
            "score": score.ravel(),
            "valid": valid.ravel(),
        },
        columns=DOMAIN_COLUMNS,
    )


def session_scores(scores: pd.DataFrame, over_all: bool = True) -> pd.DataFrame:
    """Score of each session: per domain, and over all domains.

    ``scores`` as ``domain_scores`` returns them. Per domain: mean over the cycles in which it is
    valid, ``cycles`` counts them, score NaN where there is none. Row "ALL": mean of the domain
    scores, each domain counting once, only when every domain has one (otherwise NaN);
    its ``cycles`` is the smallest of the domains'. Without ``over_all`` that row is left out: the
    mean of points on different scales says nothing.
    Returns session, domain, cycles (int), score (float), in the order of ``scores``.
    """
    _need(scores, DOMAIN_COLUMNS, "Domain scores")
    session, sessions = _codes(scores["session"], "session")
    domain, domains = _codes(scores["domain"], "domain")
    if ALL in set(domains):
        raise ValueError('No domain may be called "ALL": that name means the whole checklist.')
    shape, size = (len(sessions), len(domains)), len(sessions) * len(domains)
    valid = scores["valid"].to_numpy(dtype=bool)
    place = (session * len(domains) + domain)[valid]
    counts = np.bincount(place, minlength=size).reshape(shape)
    sums = np.bincount(place, scores["score"].to_numpy(dtype=float)[valid], size).reshape(shape)
    if np.isnan(sums).any():
        raise ValueError("A domain score is marked as valid but has no value.")
    means = np.full(shape, np.nan)
    np.divide(sums, counts, out=means, where=counts > 0)

    means = np.column_stack([means, means.sum(axis=1) / max(1, len(domains))])
    fewest = counts.min(axis=1, initial=np.iinfo(counts.dtype).max) if size else counts.sum(axis=1)
    counts = np.column_stack([counts, fewest])
    found = pd.DataFrame(
        {
            "session": np.repeat(sessions, len(domains) + 1),
            "domain": np.tile(np.append(np.asarray(domains, dtype=object), ALL), len(sessions)),
            "cycles": counts.ravel(),
            "score": means.ravel(),
        },
        columns=SESSION_COLUMNS,
    )
    return found if over_all else found[found["domain"] != ALL].reset_index(drop=True)


def _points(value: np.ndarray, ends: np.ndarray, rule: str) -> np.ndarray:
    """What each value is worth, by ``rule``; ``ends``: its scale's minimum and maximum."""
    minimum, maximum = ends.T
    if rule == MEAN:
        return value
    if rule == RANGE:
        return 100 * (value - minimum) / (maximum - minimum)
    return 100 * value / maximum


def _proportion(minimum_answered: float | str | Fraction) -> Fraction:
    # Through its text: the float 0.6 is a hair below three fifths, "0.6" is exactly that.
    least = Fraction(str(minimum_answered))
    if not 0 < least <= 1:
        raise ValueError("The share of items that must be answered lies above 0 and up to 1.")
    return least


def _need(frame: pd.DataFrame, columns: list[str], name: str) -> None:
    absent = [column for column in columns if column not in frame.columns]
    if absent:
        raise ValueError(f"{name} lack these columns: {', '.join(absent)}.")


def _codes(column: pd.Series, name: str) -> tuple[np.ndarray, pd.Index]:
    codes, names = pd.factorize(column)
    if (codes < 0).any():
        raise ValueError(f"Some rows have no {name}.")
    return codes, pd.Index(names)


def _repeats(keys: np.ndarray, size: int) -> bool:
    return bool(len(keys)) and int(np.bincount(keys, minlength=size).max()) > 1


def _checked_items(items: pd.DataFrame, rule: str) -> pd.DataFrame:
    if rule not in RULES:
        raise ValueError(f"The rule of scoring must be one of {', '.join(RULES)}.")
    _need(items, ["item", "domain", "weight", "minimum", "maximum"], "Items")
    if items.empty:
        raise ValueError("The table of items is empty.")
    if items["item"].duplicated().any() or items[["item", "domain"]].isna().any(axis=None):
        raise ValueError("Each item needs a code of its own and a domain.")
    weight, low, high = (
        items[column].to_numpy(dtype=float, na_value=np.nan)
        for column in ("weight", "minimum", "maximum")
    )
    if not (np.isfinite(weight) & (weight > 0)).all():
        raise ValueError("The weight of every item must be a number above 0.")
    if rule == MEAN:
        if (low >= high).any() or np.isinf([low, high]).any():
            raise ValueError("The minimum of every item must lie below its maximum.")
    elif not (np.isfinite(low) & np.isfinite(high) & (low < high)).all():
        raise ValueError(
            "The minimum and maximum of every item must be numbers, one below the other."
        )
    if rule == PERCENT and ((low < 0) | (high <= 0)).any():
        raise ValueError("A share of the highest value needs scales that do not go below 0.")
    return items


def _checked_states(
    state: pd.Series, value: np.ndarray, ends: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Which rows are scored and which do not apply, after checking that values fit."""
    codes, names = pd.factorize(state)
    unknown = sorted(str(name) for name in names if name not in STATES)
    if unknown or (codes < 0).any():
        raise ValueError("The state of a rating must be scored, na or missing.")
    index = pd.Index(names)
    scored, na = (
        codes == index.get_loc(name) if name in index else np.zeros(len(codes), dtype=bool)
        for name in ("scored", "na")
    )
    if not np.isnan(value[~scored]).all():
        raise ValueError("A rating that is not applicable or missing cannot have a value.")
    points = value[scored]
    if np.isnan(points).any():
        raise ValueError("A scored rating needs a value.")
    minimum, maximum = ends[scored].T
    if ((points < minimum) | (points > maximum)).any():
        raise ValueError("A value lies below the minimum or above the maximum of its item.")
    return scored, na
