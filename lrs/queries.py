"""Finding statements, newest first or oldest first, page by page."""

import datetime
import uuid
from dataclasses import dataclass

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lrs.models import Statement
from lrs.validation import Malformed

SALT = "lrs.more"


@dataclass(frozen=True)
class Search:
    """What a client asked for; agent, verb and activity as keys (lrs.keys). JSON in and out."""

    agent: str = ""
    verb: str = ""
    activity: str = ""
    registration: str = ""
    since: str = ""
    until: str = ""
    ascending: bool = False
    limit: int = 100
    # Where the page before ended
    last_stored: str = ""
    last_id: str = ""

    def to_cursor(self) -> str:
        """This search as text that nobody can alter."""
        return signing.dumps(vars(self), salt=SALT, compress=True)

    @classmethod
    def from_cursor(cls, cursor: str) -> "Search":
        try:
            return cls(**signing.loads(cursor, salt=SALT))
        except (signing.BadSignature, TypeError):
            raise Malformed("cursor", _("Take “more” as the store gave it.")) from None


def found(search: Search) -> QuerySet[Statement]:
    """The statements that ``search`` asks for, in order, from where it stands."""
    rows = Statement.objects.all()
    if search.agent:
        rows = rows.filter(Q(actor=search.agent) | Q(object=search.agent))
    if search.verb:
        rows = rows.filter(verb=search.verb)
    if search.activity:
        rows = rows.filter(object=search.activity)
    if search.registration:
        rows = rows.filter(registration=uuid.UUID(search.registration))
    if search.since:
        rows = rows.filter(stored__gt=datetime.datetime.fromisoformat(search.since))
    if search.until:
        rows = rows.filter(stored__lte=datetime.datetime.fromisoformat(search.until))
    if search.last_id:
        rows = _after(rows, search)
    return rows.order_by("stored", "id") if search.ascending else rows.order_by("-stored", "-id")


def _after(rows: QuerySet[Statement], search: Search) -> QuerySet[Statement]:
    stored = datetime.datetime.fromisoformat(search.last_stored)
    last = uuid.UUID(search.last_id)
    # The outer bound lets the index start where the page does; an OR alone would scan.
    if search.ascending:
        rows = rows.filter(stored__gte=stored)
        return rows.filter(Q(stored__gt=stored) | Q(stored=stored, id__gt=last))
    rows = rows.filter(stored__lte=stored)
    return rows.filter(Q(stored__lt=stored) | Q(stored=stored, id__lt=last))
