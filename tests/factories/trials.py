"""Imported data sets in which some centres were mentored, and plans that ask whether it helped."""

import csv
import io
from typing import Any

import numpy as np
from django.utils import timezone

from analytics import queries
from analytics.actions import plans, runs
from analytics.enums import Observers, RunKind
from analytics.models import EvaluationPlan, Run
from analytics.serializers import plan_files
from core import spreadsheets
from observation.actions import datasets
from observation.models import InstrumentVersion
from observation.serializers import rating_map as rating_maps
from observation.serializers import rating_table
from organisations.models import Unit

MAP = b"""
instrument = "taller"
[columns]
object = ["salon"]
rater = "quien"
cluster = "escuela"
extra = ["ronda"]
facts = { salon = "salon", ronda = "ronda", grupo = "grupo", dosis = "dosis", inicio = "inicio" }
[scales.pasos]
minimum = 0
maximum = 9
[[items]]
columns = ["a", "b", "c"]
scale = "pasos"
domain = "CAL"
domain_name = { es = "Calidez", en = "Warmth" }
[[items]]
columns = ["d", "e", "f"]
scale = "pasos"
domain = "LEN"
"""
HEADS = ["salon", "quien", "escuela", "ronda", "grupo", "dosis", "inicio", *"abcdef"]
PLAN = """
question = "Does mentoring raise the score?"
design = "cluster_trial"
primary = ["ALL"]
secondary = ["CAL"]
unit = "salon"
cluster = "centre"
arm = "grupo"
treatment = "si"
seed = 7
baselines = { ALL = "ALL_before", CAL = "CAL_before" }
resamples = 200
[rows]
by = "ronda"
before = ["1"]
after = ["2"]
"""


def rows(
    *,
    gain: float = 0.0,
    centres: int = 24,
    rooms: int = 4,
    rounds: tuple[int, ...] = (1, 2),
    seed: int = 1,
    starts: tuple[int | None, ...] = (2, None),
) -> list[dict[str, Any]]:
    """A row for each room and round: every second centre is mentored, from its start on.

    ``starts``: in which round each centre begins, one after the other; None never. ``gain`` is in
    steps of 0 to 9.
    """
    rng = np.random.default_rng(seed)
    found = []
    for centre in range(centres):
        start = starts[centre % len(starts)]
        level = 4.5 + rng.normal(0, 0.5)
        for room in range(rooms):
            own = level + rng.normal(0, 0.7)
            for number in rounds:
                mentored = start is not None and number >= start
                dose = room + 1 if start else 0
                mean = own + gain * mentored
                given = np.clip(np.rint(mean + rng.normal(0, 1, 6)), 0, 9).astype(int)
                found.append(
                    {
                        "salon": f"Salon {centre:02d}-{room}",
                        "quien": f"Maestra Pérez {centre % 3}",
                        "escuela": f"Escuela {centre:02d}",
                        "ronda": number,
                        "grupo": "si" if start else "no",
                        "dosis": dose,
                        "inicio": start or "",
                    }
                    | dict(zip("abcdef", given, strict=True))
                )
    return found


def table(given: list[dict[str, Any]]) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, HEADS)
    writer.writeheader()
    writer.writerows(given)
    return file.getvalue().encode()


def imported(unit: Unit, given: list[dict[str, Any]], rating_map: bytes = MAP) -> InstrumentVersion:
    """The data set of the rows ``given``, held at ``unit``."""
    content, read = table(given), rating_maps.read(rating_map)
    found = rating_table.read(spreadsheets.grid(content, "t.csv"), read)
    dataset, _new = datasets.add(table=found, rating_map=read, content=content, unit=unit)
    return dataset.version


def written(
    version: InstrumentVersion, unit: Unit, text: str = PLAN, assignment: list | None = None
) -> EvaluationPlan:
    """A draft of the plan ``text``."""
    content = plan_files.read_plan(text.encode())
    code = plan_files.code_of("plan", content, assignment or [])
    return plans.write(
        code=code,
        unit=unit,
        version=version,
        content=content,
        assignment=assignment or [],
        by=None,
    )


def computed(plan: EvaluationPlan) -> Run:
    """The run of ``plan``, frozen now where it was a draft."""
    if not plan.is_frozen:
        plan = plans.freeze(plan=plan, by=None)
    asked = queries.plan_run(plan, timezone.localdate(), Observers.OFFICIAL)
    run = runs.request(kind=RunKind.EVALUATION, background=False, **asked)
    return runs.compute(run=run)
