"""From rows of parent visits to pandas."""

import datetime

import pandas as pd
from django.db.models import Count, Q, QuerySet

from organisations.models import Unit
from visits import queries
from visits.enums import Answer
from visits.models import Finding, GuideAnswer, GuideResponse, Visit

ANSWERS = {
    "response__visit_id": "visit",
    "response__visit__centre_id": "centre",
    "response__visit__visited_on": "visited_on",
    "response__parent": "parent",
    "item__code": "item",
    "item__domain__code": "area",
    "item__guide_item__in_safety_index": "in_safety_index",
    "value": "value",
    "number": "number",
    "second_number": "second_number",
}
FINDINGS = {
    "visit_id": "visit",
    "visit__centre_id": "centre",
    "visit__visited_on": "visited_on",
    "item__code": "item",
    "severity": "severity",
    "said_no": "said_no",
    "said_yes": "said_yes",
    "due_on": "due_on",
}
SAFETY = ["centre", "visits", "parents", "yes", "no", "findings"]


def answers(visits: QuerySet[Visit]) -> pd.DataFrame:
    """Parents' answers of ``visits``, a row per parent and item.

    visit, centre (ids, int64), visited_on (date), parent (number within the visit, str), item,
    area (codes, str), in_safety_index (bool), value ("yes", "no", "not_seen"; "" where a number
    was asked), number, second_number (Int64, missing where a word was asked). What a parent left
    out has no row. One query.
    """
    rows = GuideAnswer.objects.filter(response__visit__in=visits.order_by().values("pk"))
    rows = rows.order_by("response__visit_id", "response__parent", "item__order")
    frame = pd.DataFrame.from_records(
        list(rows.values_list(*ANSWERS)), columns=list(ANSWERS.values())
    )
    whole = {"visit": "int64", "centre": "int64", "in_safety_index": "bool"}
    return frame.astype(whole | {"number": "Int64", "second_number": "Int64"})


def findings(visits: QuerySet[Visit]) -> pd.DataFrame:
    """Findings of ``visits``, a row per visit and item.

    visit, centre (ids, int64), visited_on (date), item (code, str), severity ("low", "medium",
    "high"), said_no, said_yes (parents, int64), due_on (date). One query.
    """
    rows = Finding.objects.filter(visit__in=visits.order_by().values("pk"))
    frame = pd.DataFrame.from_records(
        list(rows.order_by("visit_id", "item__order").values_list(*FINDINGS)),
        columns=list(FINDINGS.values()),
    )
    return frame.astype(dict.fromkeys(("visit", "centre", "said_no", "said_yes"), "int64"))


def safety(unit: Unit, start: datetime.date, end: datetime.date) -> pd.DataFrame:
    """What parents saw in ``unit`` from ``start`` to ``end`` (both count), a row per centre.

    centre (id), visits, parents (guides received), yes, no (answers to items of the safety
    index), findings: all int64. Centres without a visit in the period have no row. Four queries.
    """
    visits = Visit.objects.within(unit).filter(visited_on__range=(start, end)).order_by()
    here = visits.values("pk")
    responses = GuideResponse.objects.filter(visit__in=here).order_by()
    given = GuideAnswer.objects.filter(response__visit__in=here, item__in=queries.index_items())
    by_value = {
        (centre, value): n
        for centre, value, n in given.order_by()
        .values_list("response__visit__centre", "value")
        .annotate(n=Count("pk"))
    }
    raised = Finding.objects.filter(visit__in=here).order_by()
    counts = {
        "visits": dict(visits.values_list("centre").annotate(n=Count("pk"))),
        "parents": dict(responses.values_list("visit__centre").annotate(n=Count("pk"))),
        "yes": {centre: n for (centre, value), n in by_value.items() if value == Answer.YES},
        "no": {centre: n for (centre, value), n in by_value.items() if value == Answer.NO},
        "findings": dict(raised.values_list("visit__centre").annotate(n=Count("pk"))),
    }
    centres = sorted(counts["visits"])
    columns = {name: [found.get(centre, 0) for centre in centres] for name, found in counts.items()}
    return pd.DataFrame({"centre": centres} | columns, dtype="int64")[SAFETY]


def safety_by_day(unit: Unit, start: datetime.date, end: datetime.date) -> pd.DataFrame:
    """Parents' answers to items of the safety index, a row per centre and day of visit.

    centre (int64, id), day (object, date), yes, no (int64). One query.
    """
    visits = Visit.objects.within(unit).filter(visited_on__range=(start, end)).order_by()
    given = GuideAnswer.objects.filter(
        response__visit__in=visits.values("pk"), item__in=queries.index_items()
    ).order_by("response__visit__centre", "response__visit__visited_on")
    rows = given.values_list("response__visit__centre", "response__visit__visited_on").annotate(
        yes=Count("pk", filter=Q(value=Answer.YES)), no=Count("pk", filter=Q(value=Answer.NO))
    )
    frame = pd.DataFrame.from_records(list(rows), columns=["centre", "day", "yes", "no"])
    return frame.astype(dict.fromkeys(("centre", "yes", "no"), "int64"))
