"""What the endpoint refused, so that whoever looks after the store sees which client errs, and how.

A flood of refused requests must neither fill the disk nor slow the store: few of a minute are
noted, and few are kept.
"""

import datetime
import json
import logging
import time
from collections import Counter
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from lrs.models import RefusedRequest

MOST = 10_000  # rows
MOST_OF_A_MINUTE = 60  # in each process
LONGEST = datetime.timedelta(days=30)
# Not found is an answer.
ANSWERS = {404}
_noted: Counter[int] = Counter()  # by minute, the running one alone
logger = logging.getLogger(__name__)


def note(*, request, response) -> None:
    """Keep who was refused what and why; never the body, nor a parameter's value."""
    if response.status_code < 400 or response.status_code in ANSWERS or _too_many():
        return
    sentence, where = _told(response)
    try:
        with transaction.atomic():
            row = RefusedRequest.objects.create(
                credential=request.auth,
                status=response.status_code,
                method=request.method[:10],
                resource=request.path[:40],
                sentence=sentence[:200],
                where=where[:100],
            )
            if row.pk % 100 == 0:
                forget()
    except DatabaseError:
        # The client must learn why it was refused, even where the store cannot note it.
        logger.warning("A refused request could not be noted.", exc_info=True)


def forget(*, now: datetime.datetime | None = None) -> None:
    """Delete what is too old or too much."""
    RefusedRequest.objects.filter(at__lt=(now or timezone.now()) - LONGEST).delete()
    kept = RefusedRequest.objects.order_by("-pk").values_list("pk", flat=True)
    if (last := kept[MOST : MOST + 1].first()) is not None:
        RefusedRequest.objects.filter(pk__lte=last).delete()


def _told(response) -> tuple[str, str]:
    """(sentence, property) of an answer of this endpoint."""
    data: Any = getattr(response, "data", None)
    if data is None and response.get("Content-Type") == "application/json":
        data = json.loads(response.content)
    if not isinstance(data, dict):
        return "", ""
    return str(data.get("error") or data.get("detail") or ""), str(data.get("property", ""))


def _too_many() -> bool:
    minute = int(time.time() // 60)
    if minute not in _noted:
        _noted.clear()
    _noted[minute] += 1
    return _noted[minute] > MOST_OF_A_MINUTE
