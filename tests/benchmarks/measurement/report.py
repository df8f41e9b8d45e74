"""Writes the validity report of a country and prints, as JSON, what it took.

Run in a process of its own, with the settings of the database to measure.
"""

import io
import json
import resource
import sys
import time
from pathlib import Path

import django
from django.core.management import call_command


def main(folder: Path) -> None:
    django.setup()
    from analytics.models import Run  # noqa: PLC0415 — needs Django set up

    started = time.perf_counter()
    call_command(
        "validity",
        "checklist",
        observers="all",
        out=folder,
        stdout=io.StringIO(),
        stderr=sys.stderr,
    )
    whole = time.perf_counter() - started
    run = Run.objects.latest("pk")
    stages = dict(run.parts.order_by("pk").values_list("name", "seconds"))
    computed = (run.finished_at - run.started_at).total_seconds()
    counts = {row["what"]: row["n"] for row in run.result["read"]["tables"]["counts"]}
    found = {
        "seconds": {
            "reading": computed - sum(stages.values()),
            **stages,
            "writing": whole - computed,
        },
        "sessions": counts["sessions"],
        "items": len(run.result["about"]["items"]),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
