from functools import cached_property
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from organisations.enums import AgeGroup, Provision, UnitKind
from organisations.jurisdiction import Scoped, ScopedQuerySet


class UnitQuerySet(ScopedQuerySet, MP_NodeQuerySet):
    """Units as a tree and within one's jurisdiction."""

    def of_kind(self, kind: UnitKind | str) -> "UnitQuerySet":
        return self.filter(kind=kind)


class UnitManager(MP_NodeManager.from_queryset(UnitQuerySet)):  # type: ignore[misc]  # made at run time
    """treebeard's manager names its own query set; this one gives ours, in tree order."""

    def get_queryset(self) -> UnitQuerySet:
        return UnitQuerySet(self.model, using=self._db).order_by("path")


class Unit(Scoped, MP_Node):
    """A place in the tree: country → provider → region → zone → centre → room."""

    jurisdiction_path = ""
    kind = models.CharField(_("kind"), max_length=10, choices=UnitKind.choices)
    code = models.SlugField(_("code"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=200)
    provision = models.CharField(
        _("provision"), max_length=10, choices=Provision.choices, blank=True
    )
    age_group = models.CharField(_("age group"), max_length=3, choices=AgeGroup.choices, blank=True)
    state_code = models.CharField(_("state (INEGI code)"), max_length=2, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects: ClassVar = UnitManager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.CheckConstraint(
                name="unit_depth_follows_kind",
                condition=Q(
                    *(Q(kind=kind, depth=kind.depth) for kind in UnitKind), _connector=Q.OR
                ),
            ),
            models.CheckConstraint(
                name="unit_age_group_for_rooms_only",
                condition=Q(kind=UnitKind.ROOM) | Q(age_group=""),
            ),
            models.CheckConstraint(
                name="unit_provision_for_centres_only",
                condition=Q(kind=UnitKind.CENTRE) | Q(provision=""),
            ),
        ]
        indexes = [models.Index(fields=["kind", "path"])]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_path(self) -> str:
        return self.path

    @cached_property
    def centre(self) -> "Unit | None":
        """The centre of a room; ``queries.read_centres`` fetches those of many rooms at once."""
        return self.get_parent() if self.kind == UnitKind.ROOM else None

    @property
    def place(self) -> str:
        """The name, of a room with its centre's: rooms of many centres are called the same."""
        return f"{self} · {self.centre}" if self.centre else str(self)


class UnitLabel(models.Model):
    """What a provider calls a kind of unit ("guardería", "CECI"), in each language."""

    not_scoped_because = "words, the same for everyone of a provider"

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="labels", verbose_name=_("below"))
    kind = models.CharField(_("kind"), max_length=10, choices=UnitKind.choices)
    language = models.CharField(_("language"), max_length=10)
    singular = models.CharField(_("one"), max_length=60)
    plural = models.CharField(_("several"), max_length=60)

    class Meta:
        verbose_name = _("unit label")
        verbose_name_plural = _("unit labels")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind", "language"], name="unit_label_once_per_kind_and_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.singular} ({self.language})"
