"""What the database itself refuses."""

from collections.abc import Callable

from django.db import transaction
from django.db.utils import DatabaseError


def refused(act: Callable[[], object]) -> bool:
    """Whether a trigger of the append-only tables says no; the test goes on either way."""
    try:
        with transaction.atomic():
            act()
    except DatabaseError as error:
        return "append-only" in str(error)
    return False
