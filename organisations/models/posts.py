import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.jurisdiction import Scoped, ScopedQuerySet
from organisations.models.units import Unit
from organisations.roles import RoleCode


class PostQuerySet(ScopedQuerySet):
    """Posts within one's jurisdiction, and those in force."""

    def in_force(self, on: datetime.date | None = None) -> "PostQuerySet":
        """Posts held on the day ``on`` (today by default); both ends count."""
        day = on or timezone.localdate()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class Post(Scoped):
    """A person holds a role at a unit from a day to a day (or still)."""

    jurisdiction_path = "unit"
    person_paths = ("user",)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts", verbose_name=_("person")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=12, choices=RoleCode.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects: ClassVar = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["-starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="post_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day is before the first."),
            ),
            models.UniqueConstraint(
                fields=["user", "unit", "role", "starts_on"],
                name="post_once_per_start",
                violation_error_message=_("This person already has this post from that day."),
            ),
        ]
        indexes = [models.Index(fields=["user", "role"])]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.unit}"
