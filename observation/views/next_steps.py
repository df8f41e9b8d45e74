"""What observation puts on the signed-in home page."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from observation import queries
from organisations.home import NextStep
from organisations.models import User

MOST = 10


def drafts(user: User) -> Iterator[NextStep]:
    """Sessions begun and not closed, the oldest first."""
    for session in queries.drafts_of(user).select_related("unit", "caregiver")[:MOST]:
        yield NextStep(
            text=_("Finish the observation in %(room)s") % {"room": session.unit},
            url=reverse("observation:session_review", args=[session.pk]),
            action=_("Go on"),
            strand="observation",
            due=session.observed_on,
            detail=str(session.caregiver or ""),
        )
