"""The validity report of an instrument: what it is computed from, and in which stages.

Slow to import: only ``runs.compute`` does, in tasks and commands.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from django.utils.translation import gettext as _

from analytics import frames
from analytics.actions.stages import Computation, Context, Inputs, Share, Stage, frozen
from analytics.actions.validity import (
    agreement,
    criterion,
    generalizability,
    internal,
    ratings,
    response,
    structure,
)
from analytics.actions.validity.material import COLUMNS, Material, sessions_in
from analytics.enums import Observers, RunStage
from analytics.models import Run
from analytics.reports.deidentified import deidentified
from core.refusals import Refusal
from observation.models import InstrumentVersion


@dataclass(frozen=True)
class ValidityInputs(Inputs):
    """The inputs of any run, laid out as the parts of this report need them."""

    material: Material | None = None


def _inputs(run: Run, share: Share) -> Inputs:
    version = _version(run)
    items = frames.items(version)
    if items["maximum"].isna().any():
        raise Refusal(
            _(
                "This instrument has counts without a highest value. The report places every "
                "answer between two ends: publish a version that sets them."
            )
        )
    snapshot = frozen(run, share)
    # In the order of the file, or of the sessions' ids, whatever partition they lie in.
    rows = snapshot.read(COLUMNS).sort_values(["line", "session"], kind="stable")
    if rows.empty:
        raise Refusal(
            _("There are no closed sessions with this instrument in this unit and period.")
        )
    sessions = sessions_in(rows)
    criteria = frames.criteria(sessions, run.unit, run.starts_on, run.ends_on)
    gates = {gate["code"]: gate for gate in run.options["gates"]}
    material = Material(items, rows, gates, criteria, frames.groups(sessions))
    asked = {"items": items, "criteria": criteria.reset_index()}
    return ValidityInputs(frames.digest(asked, snapshot.hash), asked, snapshot, material)


def _version(run: Run) -> InstrumentVersion:
    versions = InstrumentVersion.objects.select_related("instrument", "dataset")
    return versions.get(pk=run.options["version"])


def _material(context: Context) -> Material:
    return cast(Material, cast(ValidityInputs, context.inputs).material)


def _read(context: Context) -> dict[str, Any]:
    """What the report is of, what its codes are called, and its first two parts."""
    run, version, material = context.run, _version(context.run), _material(context)
    imported = hasattr(version, "dataset")
    observers = run.options.get("observers", Observers.OFFICIAL)
    note = {Observers.OFFICIAL: "official_only", Observers.ALL: "all_observers"}[observers]
    return {
        "about": {
            "instrument": version.instrument.code,
            "name": dict(version.instrument.name),
            "version": version.number,
            "imported": imported,
            "unit": run.unit.code,
            "starts_on": None if imported else run.starts_on.isoformat(),
            "ends_on": None if imported else run.ends_on.isoformat(),
            "observers": None if imported else observers,
            "items": material.items.to_dict("records"),
        },
        "names": frames.names(version) | {"with": frames.criterion_names(material.criteria)},
        "read": ratings.read(material) | {"notes": [{"code": "imported" if imported else note}]},
        "items": ratings.items(material),
    }


def _part(name: str, compute: Callable[[Context], dict[str, Any]]) -> Callable[[Context], dict]:
    return lambda context: {name: compute(context)}


def _table(context: Context) -> str:
    """Sessions × items without anybody in them, as CSV."""
    material = _material(context)
    rng = np.random.default_rng([context.run.seed, len(material.sessions)])
    return deidentified(material.sessions, material.means, rng).to_csv(index=False)


# The parts that draw at random have chance of their own, so that each can be taken up by itself.
PARTS: dict[str, tuple[float, Callable[[Context], dict[str, Any]]]] = {
    RunStage.AGREEMENT: (2, lambda context: agreement.compute(_material(context))),
    RunStage.INTERNAL: (2, lambda context: internal.compute(_material(context), context)),
    RunStage.STRUCTURE: (6, lambda context: structure.compute(_material(context), context.rng())),
    RunStage.RESPONSE: (6, lambda context: response.compute(_material(context), context.rng())),
    RunStage.GENERALIZABILITY: (2, lambda context: generalizability.compute(_material(context))),
    RunStage.CRITERION: (1, lambda context: criterion.compute(_material(context))),
}
COMPUTATION = Computation(
    _inputs,
    [
        Stage(RunStage.ITEMS, 1, _read),
        *(Stage(name, weight, _part(name, compute)) for name, (weight, compute) in PARTS.items()),
    ],
    _table,
    weight=3,
)
