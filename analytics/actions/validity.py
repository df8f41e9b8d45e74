"""A first validity report: do the items of a domain belong together, and do raters agree?

Slow to import: only ``runs.compute`` does, in tasks and commands.
"""

import math
from typing import Any

import pandas as pd
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from analytics import frames
from analytics.models import Run
from core.refusals import Refusal
from measurement.agreement import icc
from measurement.estimates import Estimate, Reason
from measurement.reliability import cronbach_alpha
from observation.models import InstrumentVersion

# Own gates of the programme: "provisional" from the first, "good" from the second.
ALPHA_GATE = 0.70
ICC_GATES = (0.60, 0.75)


def compute(run: Run) -> tuple[str, dict[str, Any], str]:
    """(hash of the inputs, result, ratings as CSV) of the validity report for ``run``."""
    # A worker has no reader: items and domains are named in the language of who asked.
    with override(run.options.get("language", settings.LANGUAGE_CODE)):
        return _compute(run)


def _compute(run: Run) -> tuple[str, dict[str, Any], str]:
    version = InstrumentVersion.objects.select_related("instrument", "dataset").get(
        pk=run.options["version"]
    )
    sessions = frames.sessions_of(version, run.unit, run.starts_on, run.ends_on)
    items = frames.items(version)
    ratings = frames.validity_ratings(sessions)
    if ratings.empty:
        raise Refusal(
            _("There are no closed sessions with this instrument in this unit and period.")
        )
    inputs = {"items": items, "ratings": ratings}
    result = report(items, ratings) | {
        "instrument": version.instrument.code,
        "name": str(version.instrument.name),
        "version": version.number,
        "imported": hasattr(version, "dataset"),
    }
    return frames.digest(inputs), result, _wide(ratings).reset_index().to_csv(index=False)


def report(items: pd.DataFrame, ratings: pd.DataFrame) -> dict[str, Any]:
    """Everything the report says, in plain types.

    ``items``: item, text, domain, domain_name, minimum, maximum. ``ratings``: session, subject,
    rater, duplicate (bool), item, state, value. Rows that repeat another exactly are counted as
    the file has them, and once more without them.
    """
    sessions = ratings.drop_duplicates("session")
    wide = _wide(ratings)
    repeated = sessions.set_index("session")["duplicate"].reindex(wide.index).to_numpy()
    counts = ratings.groupby(["item", "state"], observed=True).size().unstack(fill_value=0)
    return {
        "rows": len(sessions),
        "exact_duplicates": int(sessions["duplicate"].sum()),
        "subjects": int(sessions["subject"].nunique()),
        "raters": int(sessions["rater"].nunique()),
        "domains": [
            _domain(group, wide, repeated, sessions, counts)
            for _name, group in items.groupby("domain", sort=False)
        ],
        "gates": {"alpha": ALPHA_GATE, "icc_provisional": ICC_GATES[0], "icc_good": ICC_GATES[1]},
    }


def _wide(ratings: pd.DataFrame) -> pd.DataFrame:
    """Sessions × items; an item rated in several cycles counts with its mean."""
    return ratings.pivot_table(
        index="session", columns="item", values="value", aggfunc="mean", dropna=False, sort=False
    )


def _domain(
    items: pd.DataFrame,
    wide: pd.DataFrame,
    repeated,
    sessions: pd.DataFrame,
    counts: pd.DataFrame,
) -> dict[str, Any]:
    """One domain: complete rows, alpha with and without repetitions, agreement of raters."""
    scores = wide.reindex(columns=items["item"])
    lowest, highest = float(items["minimum"].min()), float(items["maximum"].max())
    alpha = cronbach_alpha(scores, lowest=lowest, highest=highest)
    once = cronbach_alpha(scores[~repeated], lowest=lowest, highest=highest)
    value = alpha.estimate.value
    return {
        "domain": items["domain"].iloc[0],
        "name": items["domain_name"].iloc[0],
        "items": len(items),
        "rows": alpha.n_total,
        "complete": alpha.n_complete,
        "alpha": alpha.estimate.as_dict(),
        "alpha_without_duplicates": once.estimate.as_dict(),
        "passes": None if value is None else value >= ALPHA_GATE,
        "rows_by_item": [_item(row, counts, alpha.items) for row in items.itertuples()],
        "agreement": _agreement(scores[~repeated], sessions),
    }


def _agreement(scores: pd.DataFrame, sessions: pd.DataFrame) -> dict[str, Any]:
    """ICC(2,1) of the domain mean over subjects that the same two raters saw."""
    means = scores.mean(axis=1, skipna=False).rename("score")
    table = sessions.set_index("session")[["subject", "rater"]].join(means).dropna()
    pairs = table.groupby(["subject", "rater"], as_index=False)["score"].mean()
    if pairs["rater"].nunique() < 2:
        return Estimate.insufficient(Reason.ONE_RATER, len(pairs)).as_dict()
    crossed = pairs.pivot(index="subject", columns="rater", values="score")
    double = crossed[crossed.notna().sum(axis=1) >= 2]
    if double.empty:
        return Estimate.insufficient(Reason.NO_OVERLAP, 0).as_dict()
    seen = double.columns[double.notna().any()]
    complete = double[seen].dropna()
    if len(seen) != 2 or complete.empty:
        # Raters in changing pairs need a mixed model, which this first report does not have.
        return Estimate.insufficient(Reason.NO_OVERLAP, len(double)).as_dict()
    return icc(complete)["ICC(2,1)"].as_dict()


def _item(row, counts: pd.DataFrame, figures: pd.DataFrame) -> dict[str, Any]:
    """One item: how often scored, not applicable and missing, and its place in the domain."""
    known = counts.loc[row.item] if row.item in counts.index else {}
    columns = ["mean", "sd", "floor", "ceiling", "item_rest", "alpha_if_dropped"]
    found = figures.loc[row.item] if row.item in figures.index else dict.fromkeys(columns, math.nan)
    return {
        "item": row.item,
        "text": row.text,
        **{state: int(known.get(state, 0)) for state in ("scored", "na", "missing")},
        "figures": {name: _plain(found[name]) for name in columns},
    }


def _plain(value: float) -> float | None:
    """NaN has no place in JSON."""
    return None if math.isnan(value) else float(value)
