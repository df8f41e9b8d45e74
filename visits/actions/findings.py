"""Findings follow from parents' answers by the guide's own severities and days."""

import datetime
from functools import partial

from django.db import transaction

from core import audit
from organisations.models import User
from visits import queries, signals
from visits.models import Finding, GuideItem, Visit


@transaction.atomic
def raise_from_answers(*, visit: Visit, by: User | None) -> list[Finding]:
    """Raise a finding for each item with a severity to which a parent of ``visit`` said no.

    Again is harmless: counts follow the answers, severity and due day stay as first raised.
    Returns the findings that are new.
    """
    # Guides received at the same time: each counts after the other has come in. A full lock could
    # close a circle with the one that each of them holds by referring to the visit.
    Visit.objects.select_for_update(no_key=True).get(pk=visit.pk)
    counts = {row["item"]: row for row in queries.answer_counts(visit) if row["no"]}
    graves = GuideItem.objects.filter(item__in=list(counts)).exclude(severity="")
    there = {finding.item_id: finding for finding in visit.findings.all()}
    new = []
    for guide_item in graves.order_by("item__order"):
        said = counts[guide_item.item_id]
        numbers = {"said_no": said["no"], "said_yes": said["yes"]}
        if finding := there.get(guide_item.item_id):
            _recount(finding, numbers, by)
        else:
            new.append(_raise(visit, guide_item, numbers, by))
    return new


def _raise(visit: Visit, about: GuideItem, numbers: dict[str, int], by: User | None) -> Finding:
    finding = Finding.objects.create(
        visit=visit,
        item_id=about.item_id,
        severity=about.severity,
        due_on=visit.visited_on + datetime.timedelta(days=about.days_to_fix or 0),
        **numbers,
    )
    audit.record("visits.raise_finding", finding, by=by, detail={"severity": finding.severity})
    transaction.on_commit(
        partial(signals.finding_raised.send_robust, sender=Finding, finding_id=finding.pk)
    )
    return finding


def _recount(finding: Finding, numbers: dict[str, int], by: User | None) -> None:
    before = {name: getattr(finding, name) for name in numbers}
    if numbers == before:
        return
    Finding.objects.filter(pk=finding.pk).update(**numbers)
    detail = {"before": before, "after": numbers}
    audit.record("visits.recount_finding", finding, by=by, detail=detail)
