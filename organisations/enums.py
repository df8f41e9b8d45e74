from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """The six levels of the tree, in order: a unit's depth follows from its kind."""

    COUNTRY = "country", _("country")
    PROVIDER = "provider", _("provider")
    REGION = "region", _("region (OOAD)")
    ZONE = "zone", _("zone")
    CENTRE = "centre", _("centre")
    ROOM = "room", _("room")

    @property
    def depth(self) -> int:
        """1 for a country … 6 for a room."""
        return list(UnitKind).index(self) + 1

    @property
    def parent(self) -> "UnitKind | None":
        """The kind a unit of this kind hangs from."""
        return list(UnitKind)[self.depth - 2] if self.depth > 1 else None


PLURALS = {
    UnitKind.COUNTRY: _("countries"),
    UnitKind.PROVIDER: _("providers"),
    UnitKind.REGION: _("regions (OOAD)"),
    UnitKind.ZONE: _("zones"),
    UnitKind.CENTRE: _("centres"),
    UnitKind.ROOM: _("rooms"),
}


class Provision(models.TextChoices):
    """Who runs a centre."""

    DIRECT = "direct", _("direct provision")
    CONTRACTED = "contracted", _("contracted provision")


class AgeGroup(models.TextChoices):
    """The age group of a room, as the programme names it."""

    LA = "LA", "Lactantes A"
    LB = "LB", "Lactantes B"
    LC = "LC", "Lactantes C"
    MA = "MA", "Maternal A"
    MB1 = "MB1", "Maternal B1"
    MB2 = "MB2", "Maternal B2"
    MC1 = "MC1", "Maternal C1"
    MC2 = "MC2", "Maternal C2"


class Reach(models.TextChoices):
    """How far a permission goes: all rows below the post's unit, or only one's own among them."""

    BELOW = "below", _("everything below the unit")
    OWN = "own", _("only what concerns the person")
