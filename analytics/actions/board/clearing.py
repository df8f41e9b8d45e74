"""How long until a finding is cleared, and how many are open and overdue on the last day."""

import datetime
from typing import Any

import numpy as np
import pandas as pd

from analytics.actions.plain import interval, told
from measurement.estimates import Estimate, Reason
from measurement.survival import Curve, kaplan_meier, overdue

SEVERITIES = ["high", "medium", "low"]
# Days after the visit at which the share still open is told.
DAYS = [0, 7, 14, 30, 60, 90, 180, 365]


def compute(findings: pd.DataFrame, on: datetime.date) -> dict[str, Any]:
    """Findings of the visits of the period, as they stand at the end of the day ``on``."""
    if findings.empty:
        return {"reason": Reason.NO_EVENTS}
    today = float(on.toordinal())
    groups = {code: findings[findings["severity"] == code] for code in SEVERITIES}
    groups = {code: group for code, group in groups.items() if len(group)} | {"all": findings}
    done = findings["cleared_on"] <= today
    rows = [_row(code, group, today) for code, group in groups.items()]
    if not done.any():
        # Perhaps nobody wrote it down: no share in time follows from it.
        tables = {"open": [row | {"in_time": None} for row in rows]}
        return {"tables": tables, "notes": [{"code": "nothing_cleared"}]}
    return {"tables": {"open": rows, "curve": _curve(_times(findings, today))}}


def _times(findings: pd.DataFrame, today: float) -> Curve:
    done = findings["cleared_on"] <= today
    end = findings["cleared_on"].where(done, today)
    return kaplan_meier(end - findings["raised_on"], done)


def _row(severity: str, findings: pd.DataFrame, today: float) -> dict[str, Any]:
    found = overdue(findings["due_on"], findings["cleared_on"], today)
    return told(
        {
            "severity": severity,
            "open": found.open,
            "overdue": found.overdue,
            "done": found.done,
            "in_time": _percent(found.in_time),
            "median": _times(findings, today).median,
        }
    )


def _percent(found: Estimate) -> Estimate:
    if found.value is None or found.low is None or found.high is None:
        return found
    ends = (100 * found.value, 100 * found.low, 100 * found.high)
    return Estimate(*ends, found.n, found.clusters, found.reason, found.method)


def _curve(curve: Curve) -> list[dict[str, Any]]:
    """The share still open, in per cent, as far as anything is known of it."""
    rows = []
    for days in DAYS:
        if np.isnan(curve.open_after(days)):
            break
        before = curve.table[curve.table["time"] <= days]
        if before.empty:
            share = Estimate(100.0, None, None, curve.n, method="Kaplan-Meier")
        else:
            last = before.iloc[-1][["open", "low", "high"]].astype(float) * 100
            share = interval(last, "open", "low", "high", curve.n, "Kaplan-Meier")
        rows.append({"days": str(days), "share": share.as_dict()})
    return rows
