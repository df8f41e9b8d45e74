"""Puts the programs' answers side by side: do they agree, and how long did each take?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.files import ROOT

PAGE = ROOT / "docs" / "measurement" / "scale.md"
Answers = Mapping[str, Mapping[str, str]]
WORDS = {"package", "seconds"}
HEADS = [
    *("statistic", "size", "ours, s", "NumPy, s", "R, s", "R package"),
    *("ours / NumPy", "ours / R", "equal within"),
]


@dataclass(frozen=True)
class Row:
    """A statistic, and how near the others' values must be to ours, relative to their size.

    ``exceptions``: tolerances of single values that R has less exactly, for the ``why``.
    """

    name: str
    title: str
    size: str
    tolerance: float = 1e-6
    exceptions: Mapping[str, float] = field(default_factory=dict)
    why: str = ""


ROWS = [
    Row("alpha", "Cronbach's alpha, interval, item table", "50,400 × 24", 1e-9),
    Row("alpha_centres", "1,000 bootstraps of centres of alpha", "1,400 centres", 1e-9),
    Row(
        "icc",
        "six intraclass correlations",
        "8,400 × 6",
        1e-9,
        {"ICC(1,1)": 1e-3, "ICC(2,1)": 1e-3, "ICC(3,1)": 1e-3, "ICC(3,k)": 1e-3},
        "psych takes its mean squares from a mixed model, whose variance of visits is 0 here",
    ),
    Row("icc_centres", "1,000 bootstraps of centres of the ICC", "1,400 centres", 1e-9),
    Row("mixed", "linear mixed model, room in centre", "50,400 rows", 1e-5),
    Row(
        "mixed_crossed",
        "the same with 200 crossed mentors",
        "50,400 rows",
        1e-5,
        {"room": 1e-4, "centre": 1e-4, "mentor": 1e-3},
        "lme4's search stops a little before the least criterion, which ours undercuts",
    ),
    Row(
        "binomial",
        "binomial mixed model, room in centre",
        "200,000 answers",
        1e-3,
        {"se": 5e-3},
        "lme4's second derivatives are finite differences; glmmTMB's exact ones give our SE "
        "to 5 digits",
    ),
    Row(
        "ordinal",
        "ordinal mixed model, centre",
        "50,400 rows",
        1e-6,
        {"first": 1e-5, "centre": 1e-4},
        "ordinal's search stops a little before the highest likelihood, which ours exceeds",
    ),
    Row("graded", "graded response model, 61 nodes", "50,400 × 24", 1e-3),
    Row("rasch", "Rasch model, conditional likelihood", "50,400 × 24", 1e-4),
    Row("polychoric", "polychoric correlations", "276 pairs", 1e-4),
    Row("factors", "factor analysis of ordered steps (WLSMV)", "24 items, 4 factors", 1e-4),
    Row("survey", "survey mean, SE, design effect", "50,400 rows", 1e-9),
    Row("robust", "cluster-robust regression (CR2)", "1,400 clusters", 1e-6),
]


def read(printed: str) -> dict[str, dict[str, str]]:
    """Lines of row, name, value, by row and name."""
    found: dict[str, dict[str, str]] = {}
    for line in printed.splitlines():
        row, name, value = line.split("\t")
        found.setdefault(row, {})[name] = value
    return found


def apart(ours: Answers, other: Answers, exact: bool) -> list[str]:
    """What ``other`` has another value of than ours, beyond tolerance; ``exact``: no exceptions."""
    found = []
    for row in ROWS:
        for key in (row.name, f"{row.name}_counted"):
            for name, value in other.get(key, {}).items():
                if name in WORDS:
                    continue
                mine, theirs = float(ours[row.name][name]), float(value)
                allowed = row.tolerance if exact else row.exceptions.get(name, row.tolerance)
                if not abs(mine - theirs) <= allowed * max(1e-3, abs(theirs)):
                    found.append(f"{key} {name}: {mine!r}, elsewhere {theirs!r}")
    return found


def markdown(ours: Answers, plain: Answers, reference: Answers) -> str:
    """A line per statistic. Ratios are ours to each of the others': below 1 ours is faster."""
    lines = [_line(HEADS), _line("---" for _head in HEADS)]
    for row in ROWS:
        mine = float(ours[row.name]["seconds"])
        array, r = (_seconds(answers.get(row.name, {})) for answers in (plain, reference))
        counted = _seconds(reference.get(f"{row.name}_counted", {}))
        said = reference.get(row.name, {}).get("package", "–")
        cells = [
            row.title,
            row.size,
            _short(mine),
            _short(array),
            _short(r) + (f" (counted first: {_short(counted)})" if counted else ""),
            said if r or said == "–" else f"{said}: not there",
            _short(array and mine / array),
            _short(r and mine / min(r, counted or r)),
            _power(row.tolerance),
        ]
        lines.append(_line(cells))
    return "\n".join(lines)


def notes() -> str:
    """Where R's values were allowed to be further from ours, and why."""
    lines = [
        f"- {row.title}: {', '.join(row.exceptions)} within "
        f"{_power(max(row.exceptions.values()))} of R's, since {row.why}."
        for row in ROWS
        if row.exceptions
    ]
    return "\n".join(["Less near to R, by relative size:", "", *lines])


def put(page: Path, name: str, text: str) -> None:
    """Replace what stands between the two markers of ``name`` on the page."""
    first, last = f"<!-- {name}: made by make bench-measurement -->", f"<!-- end of {name} -->"
    before, rest = page.read_text(encoding="utf-8").split(first)
    after = rest.split(last)[1]
    page.write_text(f"{before}{first}\n{text}\n{last}{after}", encoding="utf-8")


def _seconds(row: Mapping[str, str]) -> float | None:
    return float(row["seconds"]) if "seconds" in row else None


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _power(tolerance: float) -> str:
    return f"{tolerance:.0e}".replace("e-0", "e-")


def _short(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if value >= 100 else f"{value:.2g}" if value >= 0.001 else f"{value:.1g}"
