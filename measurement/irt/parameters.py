"""Tables of the parameters of items and of their steps, with standard errors."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from measurement.irt.curves import Curve, PartialCredit
from measurement.irt.responses import Responses

ITEM_COLUMNS = ["n", "steps", "slope", "slope_se", "location", "location_se", "reason"]
STEP_COLUMNS = ["item", "step", "difficulty", "difficulty_se", "intercept", "intercept_se"]


def parameter_tables(
    responses: Responses,
    curves: Sequence[Curve],
    places: Sequence[np.ndarray],
    covariance: np.ndarray | None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row per item of the data (index: item; columns ``ITEM_COLUMNS``), and one per step
    (``STEP_COLUMNS``). ``places``: for each curve where its slope, unless fixed, and its
    intercepts stand in ``covariance``. Standard errors by the delta method, NaN without it.
    """
    rows, steps = {}, [pd.DataFrame(columns=STEP_COLUMNS)] if not curves else []
    for name in responses.n_given:
        reason = str(responses.left_out.get(name, ""))
        rows[name] = {"n": responses.n_given[name], "steps": 0, "reason": reason}
    for name, values, curve, place in zip(
        responses.items, responses.values, curves, places, strict=False
    ):
        own = _own_covariance(len(curve.intercepts), place, covariance)
        jacobian = _jacobian(curve)
        of_steps = jacobian @ own @ jacobian.T
        rows[name] |= {
            "steps": len(curve.intercepts),
            "slope": curve.slope,
            "slope_se": np.sqrt(own[0, 0]),
            "location": curve.locations.mean(),
            "location_se": np.sqrt(of_steps.mean()),
        }
        table = pd.DataFrame({"item": name, "step": values[1:], "difficulty": curve.locations})
        table["difficulty_se"] = np.sqrt(np.diag(of_steps))
        table["intercept"], table["intercept_se"] = curve.intercepts, np.sqrt(np.diag(own)[1:])
        steps.append(table)
    items = pd.DataFrame.from_dict(rows, orient="index", columns=ITEM_COLUMNS)
    return items.rename_axis("item"), pd.concat(steps, ignore_index=True)


def _own_covariance(m: int, place: np.ndarray, covariance: np.ndarray | None) -> np.ndarray:
    """Of slope and intercepts; a fixed slope has none."""
    own = np.zeros((m + 1, m + 1))
    if covariance is None:
        return own * np.nan
    inner = slice(m + 1 - len(place), None)
    own[inner, inner] = covariance[np.ix_(place, place)]
    return own


def _jacobian(curve: Curve) -> np.ndarray:
    """∂ locations / ∂ (slope, intercepts): locations = −T d / a, T = 1 or first differences."""
    m = len(curve.intercepts)
    by_intercept = -np.eye(m) / curve.slope
    if isinstance(curve, PartialCredit):
        by_intercept += np.eye(m, k=-1) / curve.slope
    return np.column_stack([-curve.locations / curve.slope, by_intercept])
