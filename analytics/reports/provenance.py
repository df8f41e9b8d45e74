"""What a finished run is called, what it was made from, and how to make it again."""

from django.utils.text import slugify
from django.utils.translation import gettext as _

from analytics.models import Run
from analytics.reports.declaration import Report
from core.fields import Translated


def stem(run: Run) -> str:
    """What the files of a run are called, before their ending."""
    about = run.result["about"]
    if "plan" in about:
        return f"{run.kind}-{about['plan']}"
    if "place" in about:
        return f"{run.kind}-{about['unit']}"
    return f"{run.kind}-{slugify(about['instrument'])}-v{about['version']}"


def title(report: Report, run: Run) -> str:
    about = run.result["about"]
    if "plan" in about:
        return f"{report.title}: {about['question']}"
    if "place" in about:
        return f"{report.title}: {about['place']}"
    return _("%(report)s: %(name)s, version %(number)s") % {
        "report": report.title,
        "name": Translated(about["name"]),
        "number": about["version"],
    }


def facts(run: Run) -> dict[str, str]:
    """What a run was made from, and how to make it again; no times."""
    return {
        _("Command"): command(run),
        _("Inputs (SHA-256)"): run.inputs_hash,
        _("Seed"): str(run.seed),
        _("Code version"): run.code_version,
        _("Packages"): ", ".join(f"{name} {number}" for name, number in run.packages.items()),
    }


def command(run: Run) -> str:
    """The command that computes the same again from the same records."""
    about = run.result["about"]
    if "place" in about:
        parts = [f"manage.py board --unit {about['unit']}"]
        parts.append(f"--from {about['starts_on']} --to {about['ends_on']}")
        if "instrument" in about:
            parts.append(f"--instrument {about['instrument']}")
        return " ".join([*parts, f"--seed {run.seed}"])
    if "plan" in about:
        parts = [f"manage.py evaluate {about['plan']}"]
    else:
        parts = [f"manage.py validity {about['instrument']} --version-number {about['version']}"]
        parts.append(f"--unit {about['unit']}")
    if not about["imported"]:
        parts.append(f"--from {about['starts_on']} --to {about['ends_on']}")
        parts.append(f"--observers {about['observers']}")
    return " ".join([*parts, f"--seed {run.seed}"])
