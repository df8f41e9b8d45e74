"""The audit trail of doors: who came in, who left, who was turned away. Never an address."""

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
