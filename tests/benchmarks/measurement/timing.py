"""How a statistic is timed, and how a program tells what it found."""

import statistics
import sys
import time
from collections.abc import Callable, Mapping
from resource import RUSAGE_SELF, getrusage

from tests.benchmarks.measurement.data import Country, country

RUNS = 5
SLOW = 5.0  # seconds; what takes longer is run once, after no warm-up but itself

Values = Mapping[str, float]
Statistic = Callable[[Country], Values]


def tell(table: Mapping[str, Statistic]) -> None:
    """Print, for each statistic, its seconds and values as lines of row, name, value.

    Seconds: the median of five runs after one that does not count. All share one process; memory
    is its highest, of everything together.
    """
    made = country()
    for row, statistic in table.items():
        took, values = timed(statistic, made)
        for name, value in {"seconds": took, **values}.items():
            sys.stdout.write(f"{row}\t{name}\t{float(value)!r}\n")
        sys.stdout.flush()
    memory = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"process\tmemory\t{memory!r}\n")


def timed(statistic: Statistic, made: Country) -> tuple[float, Values]:
    first, values = once(statistic, made)
    if first > SLOW:
        return first, values
    return statistics.median(once(statistic, made)[0] for _run in range(RUNS)), values


def once(statistic: Statistic, made: Country) -> tuple[float, Values]:
    started = time.perf_counter()
    values = statistic(made)
    return time.perf_counter() - started, values
