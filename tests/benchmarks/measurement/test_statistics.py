"""How long each statistic takes at the size of a country, beside R and plain NumPy.

Run by `make bench-measurement`, never by the tests: it writes the table in docs/measurement. A slow
machine is no defect, but another value than R's or NumPy's is.
"""

import datetime
import os
import platform
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.benchmarks.measurement import table
from tests.benchmarks.measurement.data import country
from tests.files import ROOT

pytestmark = pytest.mark.bench
HERE = Path(__file__).parent
# One thread each, as the runs of the platform have it: R's linear algebra has no more either.
ALONE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def answers(*command: str | Path) -> dict[str, dict[str, str]]:
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | ALONE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return table.read(done.stdout)


def reference(folder: Path) -> dict[str, dict[str, str]]:
    """R's answers, or none where R is not there."""
    if not shutil.which("Rscript"):
        return {}
    country().write(folder)
    return answers("Rscript", HERE / "reference.R", folder)


def where(load: float, r: dict[str, dict[str, str]]) -> str:
    """The day, the machine and the versions."""
    names = [f"{name} {version(name)}" for name in ("numpy", "scipy", "pandas")]
    names += [f"R {r['process']['version']}"] if r else ["R was not there"]
    return (
        f"Measured on {datetime.datetime.now(tz=datetime.UTC):%Y-%m-%d}, {os.cpu_count()} cores of "
        f"an ordinary server, load {load:.1f} when it began; Python "
        f"{platform.python_version()}, {', '.join(names)}."
    )


def test_statistics_beside_r_and_numpy(tmp_path):
    load = os.getloadavg()[0]
    python = [sys.executable, "-m"]
    ours = answers(*python, "tests.benchmarks.measurement.ours")
    plain = answers(*python, "tests.benchmarks.measurement.numpy_plain")
    r = reference(tmp_path)
    memory = float(ours["process"]["memory"])
    made = table.markdown(ours, plain, r)
    told = f"{where(load, r)} Ours took {memory:.0f} MiB at most, all of them in one process."
    sys.stdout.write(f"\n{made}\n\n{told}\n\n{table.notes()}\n")
    differ = table.apart(ours, plain, exact=True) + table.apart(ours, r, exact=False)
    table.put(table.PAGE, "statistics", "\n\n".join([made, told, table.notes()]))

    assert differ == []
