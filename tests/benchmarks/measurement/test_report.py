"""How long the validity report of a country takes, stage by stage, and how much memory.

Run by `make bench-measurement`, never by the tests: a busy machine is no defect.
"""

import json
import os
import sys

import pytest

from tests.benchmarks.commands import environ, run
from tests.benchmarks.measurement import table

pytestmark = pytest.mark.bench
SECONDS, MEMORY = 180, 3 * 1024  # what the issue of measurement allows; MiB


def test_validity_report_of_a_country(tmp_path):
    load = os.getloadavg()[0]
    env = environ(tmp_path)
    run(env, "manage.py", "prepare", "--scale", "national", "--seed", "1")
    report = str(tmp_path / "report")
    found = json.loads(
        run(env, "-m", "tests.benchmarks.measurement.report", report).splitlines()[-1]
    )
    text = told(found, load)
    sys.stdout.write(f"\n{text}\n")
    table.put(table.PAGE, "report", text)

    assert found["items"] == 24
    assert (tmp_path / "report" / "validity-checklist-v1.html").exists()


def told(found: dict, load: float) -> str:
    whole = sum(found["seconds"].values())
    lines = ["| stage of the report | seconds |", "|---|---|"]
    lines += [f"| {stage} | {seconds:.1f} |" for stage, seconds in found["seconds"].items()]
    lines += [f"| all | {whole:.1f} |", ""]
    within = whole <= SECONDS and found["memory"] <= MEMORY
    lines.append(
        f"{found['sessions']:,} sessions × {found['items']} items, all observers: {whole:.0f} s "
        f"and {found['memory']:.0f} MiB, {'within' if within else 'beyond'} the {SECONDS} s and "
        f"{MEMORY:,} MiB that are aimed at; {os.cpu_count()} cores, load {load:.1f} when it began."
    )
    return "\n".join(lines)
