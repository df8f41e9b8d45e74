"""Questions asked of units and posts in more than one place."""

from django.db.models import QuerySet

from core.models import AuditRecord
from organisations import jurisdiction
from organisations.enums import Reach
from organisations.jurisdiction import below
from organisations.models import Post, User
from organisations.roles import holders


def people_with(permission: str) -> QuerySet[User]:
    """People who hold ``permission`` somewhere today."""
    posts = Post.objects.in_force().filter(role__in=holders(permission))
    return User.objects.filter(pk__in=posts.values("user"))


def audit_records(user: User) -> QuerySet[AuditRecord]:
    """The audit records of the units that ``user`` answers for."""
    paths = jurisdiction.paths(user, "organisations.audit", Reach.BELOW)
    if not paths:
        return AuditRecord.objects.none()
    return AuditRecord.objects.filter(below(paths, "unit_path"))
