"""The audit trail of doors: who came in, left, was turned away or changed a lock.

Never an address.
"""

from core import audit
from core.models import AuditRecord
from organisations.models import User


def succeeded(*, user: User) -> AuditRecord:
    """``user`` signed in."""
    return audit.record("sign_ins.succeed", user, by=user)


def ended(*, user: User) -> AuditRecord:
    """``user`` signed out."""
    return audit.record("sign_ins.end", user, by=user)


def failed(*, email: str) -> AuditRecord:
    """Somebody tried in vain to sign in as ``email``; an unknown address leaves no trace of it."""
    user = User.objects.filter(email__iexact=email).first() or User()
    return audit.record("sign_ins.fail", user, by=None, detail={"known": user.pk is not None})


def address_changed(*, user: User) -> AuditRecord:
    """``user`` proved another e-mail address and signs in with it from now on."""
    return audit.record("sign_ins.change_address", user, by=user)


def password_changed(*, user: User) -> AuditRecord:
    """``user`` chose a password."""
    return audit.record("sign_ins.change_password", user, by=user)


def second_step_changed(*, user: User, kind: str) -> AuditRecord:
    """``user`` added, removed or renewed a second step of ``kind`` (allauth's word)."""
    return audit.record("sign_ins.change_second_step", user, by=user, detail={"kind": kind})
