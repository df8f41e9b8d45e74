"""People keep their names for so many days after the last statement that mentions them."""

import datetime
from collections.abc import Iterator, Sequence

import simplejson
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core import audit
from lrs import keys, mentions, positions
from lrs.actions import erasures
from lrs.models import Document, Erasure, Mention, RetentionRule, Statement

TOGETHER = 500  # people of one erasure


def rule() -> RetentionRule:
    """The rule; one that is not in force where nobody has set any."""
    return RetentionRule.objects.filter(pk=1).first() or RetentionRule(pk=1)


@transaction.atomic
def change(*, days: int, is_on: bool, by) -> RetentionRule:
    changed, _made = RetentionRule.objects.update_or_create(
        pk=1, defaults={"days": days, "is_on": is_on}
    )
    audit.record("retention.change", changed, by=by, detail={"days": days, "is_on": is_on})
    return changed


def apply(*, now: datetime.datetime | None = None) -> list[Erasure]:
    """Finish what was begun, and make everybody nameless for whom the rule's days are over."""
    done = [erasures.go_on(erasure=one) for one in Erasure.objects.filter(finished_at=None)]
    standing = rule()
    if not standing.is_on:
        return done
    before = (now or timezone.now()) - datetime.timedelta(days=standing.days)
    people = sorted(people_last_seen(before))
    for some in _slices(people):
        pseudonym = erasures.new_pseudonym()
        names = {key: f"{pseudonym}-{n}" for n, key in enumerate(some, start=1)}
        with transaction.atomic():
            erasure = erasures.commission(names, pseudonym, days=standing.days)
        done.append(erasures.go_on(erasure=erasure))
    return done


def people_last_seen(before: datetime.datetime) -> set[bytes]:
    """Keys of agents that statements stored earlier mention, and nothing since ``before``.

    Groups and authorities are no people. Reads every statement before that moment once.
    """
    place = positions.first(before)
    texts = Statement.objects.filter(position__lt=place).order_by("position")
    people: set[bytes] = set()
    for raw in texts.values_list("raw", flat=True).iterator(1000):
        statement = simplejson.loads(raw)
        statement.pop("authority", None)
        people |= {
            keys.of_agent(one)
            for one in mentions.agents(statement)
            if one.get("objectType") != "Group" and not erasures.is_pseudonym(one)
        }
    people -= {b""} | erasures.clients()
    for some in _slices(sorted(people)):
        related = {keys.related(key): key for key in some}
        newer = Mention.objects.filter(
            key__in=related, statement_id__gte=place, source=F("statement_id")
        )
        people -= {related[bytes(key)] for key in newer.values_list("key", flat=True).distinct()}
        kept = Document.objects.filter(agent__in=some, updated_at__gte=before)
        people -= {bytes(key) for key in kept.values_list("agent", flat=True)}
    return people


def _slices(people: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(people), TOGETHER):
        yield people[start : start + TOGETHER]
