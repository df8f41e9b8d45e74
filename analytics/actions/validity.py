"""A first validity report: do the items of a domain rise and fall together, and do raters agree?

Slow to import: only ``runs.compute`` does, in tasks and commands.
"""

import math
from typing import Any

import pandas as pd

from analytics import frames
from analytics.actions.stages import Computation, Context, Inputs, Share, Stage, frozen
from analytics.enums import RunStage
from analytics.models import Run
from measurement.agreement import icc
from measurement.estimates import Estimate, Reason
from measurement.reliability import cronbach_alpha, item_figures
from observation.models import InstrumentVersion

# Own gates of the programme: "provisional" from the first, "good" from the second.
ALPHA_GATE = 0.70
ICC_GATES = (0.60, 0.75)
# Feldt's interval takes the scores to be normal, which few rows cannot bear out; at 30 and an
# alpha on the gate it runs from .50 to .84 (six items), too wide already for most verdicts.
MINIMUM_FOR_VERDICT = 30
COLUMNS = ["session", "subject", "rater", "comparable", "duplicate", "line", "item", "state"]
COLUMNS += ["value"]


def _inputs(run: Run, share: Share) -> Inputs:
    """The frozen ratings, and the items in the language of who asked."""
    snapshot, items = frozen(run, share), frames.items(_version(run))
    return Inputs(frames.digest({"items": items}, snapshot.hash), {"items": items}, snapshot)


def _version(run: Run) -> InstrumentVersion:
    versions = InstrumentVersion.objects.select_related("instrument", "dataset")
    return versions.get(pk=run.options["version"])


def _ratings(context: Context) -> pd.DataFrame:
    """Ratings in the order of the file, or of the sessions' ids, whatever partition they lie in."""
    return context.snapshot.read(COLUMNS).sort_values(["line", "session"], kind="stable")


def _report(context: Context) -> dict[str, Any]:
    version = _version(context.run)
    return report(context.frames["items"], _ratings(context)) | {
        "instrument": version.instrument.code,
        "name": str(version.instrument.name),
        "version": version.number,
        "imported": hasattr(version, "dataset"),
    }


def _table(context: Context) -> str:
    """Sessions × items as CSV."""
    return _wide(_ratings(context)).reset_index().to_csv(index=False)


def report(items: pd.DataFrame, ratings: pd.DataFrame) -> dict[str, Any]:
    """Everything the report says, in plain types.

    ``items``: item, text, domain, domain_name, minimum, maximum. ``ratings``: session, subject,
    rater, comparable (bool), duplicate (bool), item, state, value. Rows that repeat another exactly
    are counted as the file has them, and once more without them.
    """
    sessions = ratings.drop_duplicates("session")
    wide = _wide(ratings)
    repeated = sessions.set_index("session")["duplicate"].reindex(wide.index).to_numpy()
    counts = ratings.groupby(["item", "state"], observed=True).size().unstack(fill_value=0)
    counts = counts.reindex(index=items["item"], columns=["na", "missing"], fill_value=0)
    figures = item_figures(ratings, items).join(counts)
    return {
        "rows": len(sessions),
        "exact_duplicates": int(sessions["duplicate"].sum()),
        "subjects": int(sessions["subject"].nunique()),
        "raters": int(sessions["rater"].nunique()),
        "domains": [
            _domain(group, wide, repeated, sessions, figures)
            for _name, group in items.groupby("domain", sort=False)
        ],
        "gates": {
            "alpha": ALPHA_GATE,
            "alpha_rows": MINIMUM_FOR_VERDICT,
            "icc_provisional": ICC_GATES[0],
            "icc_good": ICC_GATES[1],
        },
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
    figures: pd.DataFrame,
) -> dict[str, Any]:
    """One domain: complete rows, alpha with and without repetitions, agreement of raters.

    Each item's own figures are over all its ratings; its place among the others is over the rows
    that have every item of the domain (``complete``), an item's cycles averaged.
    """
    scores = wide.reindex(columns=items["item"])
    alpha, once = cronbach_alpha(scores), cronbach_alpha(scores[~repeated])
    figures = figures.join(alpha.items)
    return {
        "domain": items["domain"].iloc[0],
        "name": items["domain_name"].iloc[0],
        "items": len(items),
        "rows": alpha.n_total,
        "complete": alpha.n_complete,
        "alpha": alpha.estimate.as_dict(),
        "alpha_without_duplicates": once.estimate.as_dict(),
        "verdict": _verdict(alpha.estimate),
        "rows_by_item": [_item(row, figures) for row in items.itertuples()],
        "agreement": _agreement(scores[~repeated], sessions),
    }


def _verdict(alpha: Estimate) -> str:
    """Do the items rise and fall together: "yes" or "no" where the interval leaves no doubt."""
    if alpha.n < MINIMUM_FOR_VERDICT or alpha.low is None or alpha.high is None:
        return "insufficient"
    if alpha.low >= ALPHA_GATE:
        return "yes"
    return "no" if alpha.high < ALPHA_GATE else "undecided"


def _agreement(scores: pd.DataFrame, sessions: pd.DataFrame) -> dict[str, Any]:
    """ICC(2,1) of the domain mean over subjects that the same raters, two or more, all saw.

    Of the programme's own sessions, official ones of a room and day by different observers are one
    subject coded twice (``comparable``); a rater's several sessions of a subject are averaged.
    """
    means = scores.mean(axis=1, skipna=False).rename("score")
    table = sessions[sessions["comparable"]].set_index("session").join(means, how="inner")
    if table["rater"].nunique() < 2:
        return Estimate.insufficient(Reason.ONE_RATER, table["subject"].nunique()).as_dict()
    rated = table.groupby(["subject", "rater"])["score"].mean()
    double = rated[rated.groupby("subject").transform("size") >= 2]
    subjects, raters = (double.index.unique(name) for name in ("subject", "rater"))
    if double.empty:
        return Estimate.insufficient(Reason.NO_OVERLAP, 0).as_dict()
    if len(double) < len(subjects) * len(raters):
        # Not every rater saw every subject: that needs a mixed model, which is not here yet.
        return Estimate.insufficient(Reason.CHANGING_RATERS, len(subjects)).as_dict()
    return icc(double.unstack())["ICC(2,1)"].as_dict()


def _item(row, figures: pd.DataFrame) -> dict[str, Any]:
    """One item: how often scored, not applicable and missing; its figures, its place among all."""
    found = figures.loc[row.item]
    columns = ["mean", "sd", "floor", "ceiling", "item_rest", "alpha_if_dropped"]
    return {
        "item": row.item,
        "text": row.text,
        "scored": int(found["n"]),
        "na": int(found["na"]),
        "missing": int(found["missing"]),
        "figures": {name: _plain(found[name]) for name in columns},
    }


def _plain(value: float) -> float | None:
    """NaN has no place in JSON."""
    return None if math.isnan(value) else float(value)


COMPUTATION = Computation(_inputs, [Stage(RunStage.REPORT, 1, _report)], _table)
