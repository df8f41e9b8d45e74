"""The guide, and the least valid visits and parents' guides."""

import csv
import datetime
import itertools
from pathlib import Path

from django.conf import settings

from observation.models import InstrumentVersion
from organisations.models import Unit
from visits.actions import findings, guides, responses
from visits.models import GuideResponse, Visit

_number = itertools.count(1)
FILE = Path(settings.BASE_DIR) / "content" / "psg_guide.csv"
DAY = datetime.date(2026, 3, 10)


def guide_rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def guide() -> InstrumentVersion:
    """Version 1 of the programme's guide, published."""
    return guides.load(guide_rows())


def visit(centre: Unit, version: InstrumentVersion | None = None, **fields) -> Visit:
    defaults = {"code": f"visita-{next(_number)}", "visited_on": DAY}
    return Visit.objects.create(centre=centre, version=version or guide(), **(defaults | fields))


def response(of: Visit, parent: str = "1", answers: dict | None = None) -> GuideResponse:
    """A parent's guide with ``answers`` by item code, and the findings that follow."""
    answers = answers or {"PSG-ACC01": "yes", "PSG-ACC02": "no", "PSG-PRC01": "not_seen"}
    items = {item.code: item for item in of.version.items.filter(code__in=answers)}
    given = {items[code]: value for code, value in answers.items()}
    received = responses.receive(visit=of, parent=parent, answers=given, by=None)
    findings.raise_from_answers(visit=of, by=None)
    return received


def everybody_says(of: Visit, yes: int, no: int) -> None:
    """As many yes and no to items of the safety index as said, by as many parents as needed."""
    codes = list(
        of.version.items.filter(guide_item__in_safety_index=True).values_list("code", flat=True)
    )
    words = ["yes"] * yes + ["no"] * no
    for parent, start in enumerate(range(0, len(words), len(codes)), start=1):
        response(of, str(parent), dict(zip(codes, words[start : start + len(codes)], strict=False)))
