"""Parents' guides as they were received: each once, never changed."""

import hashlib
import json
from collections.abc import Mapping

from django.db import transaction

from core import audit
from observation.models import Item
from organisations.models import User
from visits.enums import Answer
from visits.models import GuideAnswer, GuideResponse, Visit

# A word (Answer), a step of a scale, or two counts.
Given = str | int | tuple[int, int]


@transaction.atomic
def receive(
    *, visit: Visit, parent: str, answers: Mapping[Item, Given], by: User | None
) -> GuideResponse:
    """Keep the guide of the parent with the number ``parent``; nothing is kept of who she is."""
    by_code = {item.code: given for item, given in answers.items()}
    response = GuideResponse.objects.create(
        visit=visit, parent=parent, content_hash=content_hash(by_code)
    )
    GuideAnswer.objects.bulk_create(
        GuideAnswer(response=response, item=item, **_columns(given))
        for item, given in answers.items()
    )
    audit.record("visits.receive", response, by=by, detail={"answers": len(answers)})
    return response


def content_hash(answers: Mapping[str, Given]) -> str:
    """SHA-256 of the answers by item code, as JSON with sorted keys and no spaces."""
    text = json.dumps(dict(answers), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _columns(given: Given) -> dict:
    if isinstance(given, str):
        return {"value": Answer(given)}
    first, second = given if isinstance(given, tuple) else (given, None)
    return {"value": "", "number": first, "second_number": second}
