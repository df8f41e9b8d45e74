"""What two observers of the same cycles say, by item, by domain and by observer."""

from typing import Any

import pandas as pd

from measurement.agreement.incomplete import icc_incomplete
from measurement.agreement.intraclass import icc
from measurement.agreement.pairs import side_by_side
from measurement.estimates import Estimate, Reason
from measurement.indicators import MINIMUM_CLUSTERS, described_mean
from measurement.scoring import ALL

Row = dict[str, Any]


def double_coding(ratings: pd.DataFrame, scores: pd.DataFrame) -> dict[str, list[Row]]:
    """Rows "items", "domains" (the last one over all) and "observers", each with its estimates.

    ``ratings``: pair, occasion, cycle, item, domain, first, second (values, NaN where not scored),
    first_observer, second_observer; one row per pair, cycle and item. ``scores``: occasion, domain
    (``ALL`` over all), observer, score; one row per observer, occasion and domain. An occasion is
    what was seen (a room on a day); it may have been coded in several pairs.
    Each row: name, pairs (double codings with a value), exact, within_one, kappa (quadratic), as
    ``side_by_side`` has them with pairs as clusters, and icc, one-way: of an item from each
    observer's mean over the cycles, else from scores. Domains also have absolute and consistency:
    ICC(2,1) and (3,1) where all observers saw all occasions, else ICC(A,1) and (C,1) by REML.
    Observers also have bias, the mean of her value less her partner's. From fewer pairs than
    ``MINIMUM_CLUSTERS`` there are values and no intervals: ``few_clusters``.
    """
    items = [
        _named(item, own, _icc(_item_means(own)))
        for item, own in ratings.groupby("item", sort=False, observed=True)
    ]
    domains = []
    for domain in [*ratings["domain"].drop_duplicates(), ALL]:
        own = ratings if domain == ALL else ratings[ratings["domain"] == domain]
        domains.append(_named(domain, own, _icc(_of_domain(scores, domain), crossed=True)))
    whole = _of_domain(scores, ALL)
    both = oriented(ratings)
    observers = [
        _named(observer, own, _icc(_with_partner(whole, observer)))
        | {"bias": described_mean(own["first"] - own["second"], own["pair"])}
        for observer, own in both.groupby("first_observer", sort=True)
    ]
    return {"items": items, "domains": domains, "observers": observers}


def oriented(ratings: pd.DataFrame) -> pd.DataFrame:
    """Every pair seen from each side: first is the one whom the row is of, second her partner."""
    turned = {"first": "second", "first_observer": "second_observer"}
    other = ratings.rename(columns=turned | {to: name for name, to in turned.items()})
    return pd.concat([ratings, other[ratings.columns]], ignore_index=True)


def _named(name: Any, own: pd.DataFrame, iccs: Row) -> Row:
    rated = own[own["first"].notna() & own["second"].notna()]
    pairs = rated["pair"].nunique()
    enough = pairs >= MINIMUM_CLUSTERS
    found = side_by_side(rated["first"], rated["second"], rated["pair"] if enough else None)
    if not enough:
        found = {key: _without_interval(one, pairs) for key, one in found.items()}
    return {"name": name, "pairs": pairs, **found, **iccs}


def _without_interval(one: Estimate, pairs: int) -> Estimate:
    """Its interval took each value for itself, which values of one pair are not."""
    if one.value is None:
        return one
    return Estimate(one.value, None, None, one.n, pairs, Reason.FEW_CLUSTERS, one.method)


def _item_means(own: pd.DataFrame) -> pd.DataFrame:
    """Occasion, observer, score: her mean over the cycles in which both gave a value."""
    both = oriented(own[own["first"].notna() & own["second"].notna()])
    both = both.drop_duplicates(["occasion", "cycle", "first_observer"])
    means = both.groupby(["occasion", "first_observer"])["first"].mean().reset_index()
    return means.set_axis(["occasion", "observer", "score"], axis="columns")


def _of_domain(scores: pd.DataFrame, domain: Any) -> pd.DataFrame:
    return scores[scores["domain"] == domain].dropna(subset=["score"])


def _with_partner(whole: pd.DataFrame, observer: Any) -> pd.DataFrame:
    """What ``observer`` and those beside her gave, hers first."""
    hers = whole.loc[whole["observer"] == observer, "occasion"]
    beside = whole[whole["occasion"].isin(hers)]
    return beside.sort_values("observer", key=lambda who: who != observer, kind="stable")


def _icc(rated: pd.DataFrame, crossed: bool = False) -> Row:
    """One-way ICC of what at least two observers rated; two-way ones too if ``crossed``."""
    rated = rated[rated.groupby("occasion")["observer"].transform("size") >= 2]
    if rated.empty:
        nothing = Estimate.insufficient(Reason.NO_OVERLAP, 0)
        return {"icc": nothing} | ({"absolute": nothing, "consistency": nothing} if crossed else {})
    occasions, observers = rated["occasion"].nunique(), rated["observer"].nunique()
    if len(rated) == occasions * observers:
        found = icc(rated.pivot(index="occasion", columns="observer", values="score"))
        one, two, three = (found[form] for form in ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)"))
        return {"icc": one} | ({"absolute": two, "consistency": three} if crossed else {})
    place = rated.groupby("occasion").cumcount()
    sides = rated.assign(place=place)[place < 2].pivot(
        index="occasion", columns="place", values="score"
    )
    one = icc(sides)["ICC(1,1)"]
    if not crossed:
        return {"icc": one}
    names = {"occasion": "target", "observer": "rater"}
    found = icc_incomplete(rated.rename(columns=names)[["target", "rater", "score"]])
    return {"icc": one, "absolute": found["ICC(A,1)"], "consistency": found["ICC(C,1)"]}
