"""Two reports of one kind side by side: what they were made from, and what they found."""

from typing import Any

from django.utils.translation import gettext as _

from analytics.models import Run
from analytics.reports import documents, provenance
from analytics.reports.declaration import Report
from analytics.reports.gates import State
from core.fields import Translated
from core.numerals import written


def compare(report: Report, first: Run, second: Run) -> dict[str, Any]:
    """``made``: what both were made from, and whether it differs; ``gates``: what both found."""
    return {
        "titles": [provenance.title(report, run) for run in (first, second)],
        "made": _made(first, second),
        "gates": _gates(report, first, second),
    }


def _made(first: Run, second: Run) -> list[dict[str, Any]]:
    told = [_facts(run) for run in (first, second)]
    return [
        {"what": what, "first": value, "second": told[1][what], "differs": value != told[1][what]}
        for what, value in told[0].items()
    ]


def _facts(run: Run) -> dict[str, str]:
    about = run.result["about"]
    return {
        _("Instrument"): f"{Translated(about['name'])}, {_('version')} {about['version']}",
        _("Where"): run.unit.name,
        _("From"): about["starts_on"] or "–",
        _("To"): about["ends_on"] or "–",
        _("Whose sessions"): about["observers"] or "–",
        **{name: value for name, value in provenance.facts(run).items() if name != _("Command")},
    }


def _gates(report: Report, first: Run, second: Run) -> list[dict[str, Any]]:
    """The gates that either report has, in the order of the first, with the difference."""
    found = [
        {(gate["code"], gate["subject"]): gate for gate in documents.gates_of(report, run.result)}
        for run in (first, second)
    ]
    names = second.result["names"] | first.result["names"]
    rows = []
    for key in dict.fromkeys([*found[0], *found[1]]):
        pair = [by_key.get(key) for by_key in found]
        known = next(gate for gate in pair if gate)
        rows.append(
            {
                "title": str(Translated(known["title"])),
                "subject": documents.named("domain", known["subject"], names),
                "first": _found(pair[0]),
                "second": _found(pair[1]),
                "difference": _difference(*pair),
            }
        )
    return rows


def _found(gate: dict[str, Any] | None) -> dict[str, str]:
    if gate is None:
        return {"text": "–", "beside": "", "state": ""}
    cell = documents.estimate(gate["estimate"])
    return {"text": cell.text, "beside": cell.beside, "state": str(State(gate["state"]).label)}


def _difference(first: dict[str, Any] | None, second: dict[str, Any] | None) -> str:
    """The second less the first; a dash where either has no value."""
    before, after = (gate["estimate"]["value"] if gate else None for gate in (first, second))
    if before is None or after is None:
        return "–"
    return written(after - before, 2, change=True)
