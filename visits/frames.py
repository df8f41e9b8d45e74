"""From rows of visits to pandas. Slow to import: tasks and commands only."""

import pandas as pd
from django.db.models import Count, Q, QuerySet

from visits.enums import Answer
from visits.models import Finding, GuideAnswer, GuideResponse, Visit


def by_centre(visits: QuerySet[Visit]) -> pd.DataFrame:
    """What parents said in ``visits``, one row per centre visited.

    centre (int64, id), visits, parents, yes, no (int64, answers to items of the safety index),
    findings (int64). Four queries, however many answers.
    """
    chosen = visits.order_by().values("pk")
    responses = GuideResponse.objects.filter(visit__in=chosen).order_by()
    answers = GuideAnswer.objects.filter(
        response__visit__in=chosen, item__guide_item__in_safety_index=True
    ).order_by()
    findings = Finding.objects.filter(visit__in=chosen).order_by()
    said = answers.values("response__visit__centre").annotate(
        yes=Count("pk", filter=Q(value=Answer.YES)), no=Count("pk", filter=Q(value=Answer.NO))
    )
    counts = pd.DataFrame.from_records(
        list(said.values_list("response__visit__centre", "yes", "no")),
        columns=["centre", "yes", "no"],
        index="centre",
    )
    totals = visits.order_by().values("centre").values_list("centre", Count("pk"))
    frame = pd.DataFrame.from_records(list(totals), columns=["centre", "visits"])
    parents = responses.values("visit__centre").values_list("visit__centre", Count("pk"))
    raised = findings.values("visit__centre").values_list("visit__centre", Count("pk"))
    columns = {
        "parents": dict(parents),
        "yes": counts["yes"].to_dict(),
        "no": counts["no"].to_dict(),
        "findings": dict(raised),
    }
    for name, values in columns.items():
        frame[name] = frame["centre"].map(values).fillna(0)
    return frame.astype("int64").sort_values("centre", ignore_index=True)
