"""Questions asked of visits in more than one place."""

import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from observation.enums import InstrumentKind, VersionStatus
from observation.models import InstrumentVersion, Item
from organisations.jurisdiction import ScopedQuerySet
from visits.enums import Answer
from visits.models import Finding, GuideAnswer, GuideResponse, PublicRule, Visit

FOLLOWED = datetime.timedelta(days=90)


def current_guide() -> InstrumentVersion | None:
    """The newest published version of the parents' guide."""
    published = InstrumentVersion.objects.filter(
        instrument__kind=InstrumentKind.GUIDE, status=VersionStatus.PUBLISHED
    )
    return published.order_by("-published_at", "-number").first()


def index_items() -> QuerySet[Item]:
    """Items that count in the safety index of their guide."""
    return Item.objects.filter(guide_item__in_safety_index=True)


def with_counts(visits: QuerySet[Visit]) -> QuerySet[Any]:
    """Each visit with ``parents`` (guides received), the index's ``yes`` and ``no``, ``found``.

    Subqueries that count row by row: for the visits of a page, not for a country.
    """
    mine = GuideAnswer.objects.filter(response__visit=OuterRef("pk"), item__in=index_items())
    return visits.annotate(
        parents=_counted(GuideResponse.objects.filter(visit=OuterRef("pk")), "visit"),
        yes=_counted(mine.filter(value=Answer.YES), "response__visit"),
        no=_counted(mine.filter(value=Answer.NO), "response__visit"),
        found=_counted(Finding.objects.filter(visit=OuterRef("pk")), "visit"),
    )


def _counted(rows: QuerySet, of: str):
    counts = rows.order_by().values(of).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts), 0)


def overdue(findings: ScopedQuerySet, on: datetime.date) -> ScopedQuerySet:
    """Those whose day is before ``on``, of visits of the last months.

    Nobody tells yet when a finding is fixed: without an end, each would count for ever.
    """
    return findings.filter(due_on__lt=on, visit__visited_on__gte=on - FOLLOWED)


def answer_counts(visit: Visit) -> QuerySet[GuideAnswer, Any]:
    """Per item of a visit: rows with item, ``yes``, ``no``, ``not_seen`` and ``parents``."""
    answers = GuideAnswer.objects.filter(response__visit=visit).order_by()
    return answers.values("item").annotate(
        parents=Count("pk"),
        **{str(word): Count("pk", filter=Q(value=word)) for word in Answer.values},
    )


def minimum_parents() -> int | None:
    """Parents from whom on results may be public; None where the programme has set none."""
    return PublicRule.objects.values_list("minimum_parents", flat=True).first()
