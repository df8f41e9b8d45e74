"""Give people an account and keep their names right."""

from django.db import transaction

from core import audit
from organisations.models import User


@transaction.atomic
def register(*, email: str, first_name: str, last_name: str, by: User | None) -> User:
    """Make an account without a password: she signs in by one-time code, or resets it.

    Raises IntegrityError where somebody has the address already.
    """
    user = User.objects.create_user(email, None, first_name=first_name, last_name=last_name)
    audit.record("people.register", user, by=by)
    return user


@transaction.atomic
def rename(*, user: User, first_name: str, last_name: str, by: User | None) -> User:
    """Correct the name of ``user``; without a difference nothing is written."""
    if (user.first_name, user.last_name) != (first_name, last_name):
        user.first_name, user.last_name = first_name, last_name
        user.save(update_fields=["first_name", "last_name"])
        audit.record("people.rename", user, by=by)
    return user
