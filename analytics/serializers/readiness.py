"""What there is for a validity report, in words, before anything is computed."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# What is counted, and what cannot be said where there is too little of it.
WORDS: dict[str, tuple[str | Promise, str | Promise]] = {
    "sessions": (
        gettext_lazy("Sessions"),
        gettext_lazy("Too few to judge how the items group."),
    ),
    "raters": (
        gettext_lazy("Observers"),
        gettext_lazy("With one observer nothing can be said about agreement."),
    ),
    "double": (
        gettext_lazy("Rooms that two observers saw on one day"),
        gettext_lazy("Too few to judge whether observers agree: have more sessions coded twice."),
    ),
    "again": (
        gettext_lazy("Rooms seen on two days or more"),
        gettext_lazy("Too few to judge whether scores last."),
    ),
    "drafts": (
        gettext_lazy("Sessions begun and not closed"),
        gettext_lazy("They do not count until they are closed."),
    ),
}


def told(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """``found`` as ``queries.readiness`` gives it, each with its words and what it means."""
    rows = []
    for row in found:
        words, lacking = WORDS[row["what"]]
        open_drafts = row["what"] == "drafts" and row["n"] > 0
        meaning = lacking if open_drafts or not row["enough"] else _("Enough.")
        rows.append(row | {"words": words, "meaning": meaning})
    return rows
