"""Zones, centres and rooms under the regions of the default tree."""

from dataclasses import dataclass

import numpy as np
from django.core.management.base import CommandError

from config.demo import writing
from config.demo.scales import Scale
from organisations.enums import AgeGroup, Provision, UnitKind
from organisations.models import Unit


@dataclass(frozen=True)
class Level:
    """Units of one kind: keys, tree paths, codes, names, and the place of each one's parent in
    the level above."""

    ids: np.ndarray
    paths: list[str]
    codes: list[str]
    names: list[str]
    parent: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Places:
    country: Unit
    regions: Level
    zones: Level
    centres: Level
    rooms: Level
    age_groups: list[str]  # one per room

    @property
    def centre_region(self) -> np.ndarray:
        return self.zones.parent[self.centres.parent]

    @property
    def room_region(self) -> np.ndarray:
        return self.centre_region[self.rooms.parent]


def build(scale: Scale, rng: np.random.Generator) -> Places:
    """Insert the scale's zones, centres and rooms; the tree's paths are computed, not searched."""
    regions = _regions(scale, rng)
    zone_parent = np.repeat(np.arange(len(regions)), scale.zones_per_region)
    zones = _children(
        regions,
        zone_parent,
        UnitKind.ZONE,
        suffixes=[f"z{n}" for n in _numbers(zone_parent)],
        names=[f"Zona {n} de {regions.names[p]}" for n, p in _numbered(zone_parent)],
    )
    centre_parent = np.sort(np.arange(scale.centres) % len(zones))
    centres = _children(
        zones,
        centre_parent,
        UnitKind.CENTRE,
        suffixes=[f"c{n:02d}" for n in _numbers(centre_parent)],
        names=[f"Centro Inventado {i + 1}" for i in range(scale.centres)],
        provision=rng.choice(
            [Provision.CONTRACTED.value, Provision.DIRECT.value], scale.centres, p=[0.9, 0.1]
        ).tolist(),
    )
    groups = [
        group
        for _centre in range(scale.centres)
        for group in _age_groups(scale.rooms_per_centre, rng)
    ]
    rooms = _children(
        centres,
        np.repeat(np.arange(scale.centres), scale.rooms_per_centre),
        UnitKind.ROOM,
        suffixes=[group.lower() for group in groups],
        names=[AgeGroup(group).label for group in groups],
        age_group=groups,
    )
    country = Unit.objects.get(path=regions.paths[0][: Unit.steplen])
    return Places(country, regions, zones, centres, rooms, groups)


def _regions(scale: Scale, rng: np.random.Generator) -> Level:
    """The regions that get centres: the first, and others drawn."""
    every = list(Unit.objects.of_kind(UnitKind.REGION).order_by("path"))
    if len(every) < scale.regions:
        raise CommandError(f"The tree has {len(every)} regions; this scale needs {scale.regions}.")
    drawn = np.sort(rng.permutation(len(every))[: scale.regions])
    chosen = [every[i] for i in drawn]
    return Level(
        np.array([unit.pk for unit in chosen]),
        [unit.path for unit in chosen],
        [unit.code for unit in chosen],
        [unit.name for unit in chosen],
        np.zeros(len(chosen), dtype=int),
    )


def _children(
    above: Level,
    parent: np.ndarray,
    kind: UnitKind,
    *,
    suffixes: list[str],
    names: list[str],
    **fields: list[str],
) -> Level:
    """Insert units of ``kind``; treebeard's path, depth and numchild are set here."""
    paths = [Unit._get_path(above.paths[p], kind.depth, n) for n, p in _numbered(parent)]
    codes = [f"{above.codes[p]}-{suffix}" for p, suffix in zip(parent, suffixes, strict=True)]
    ids = writing.insert(
        Unit,
        len(paths),
        path=paths,
        depth=kind.depth,
        numchild=0,
        kind=kind.value,
        code=codes,
        name=names,
        **fields,
    )
    for count in np.unique(np.bincount(parent, minlength=len(above))):
        fathers = above.ids[np.bincount(parent, minlength=len(above)) == count]
        for start in range(0, len(fathers), 500):
            Unit.objects.filter(pk__in=fathers[start : start + 500].tolist()).update(
                numchild=int(count)
            )
    return Level(ids, paths, codes, names, parent)


def _numbers(parent: np.ndarray) -> list[int]:
    """1, 2, 3 … within each parent; ``parent`` is sorted."""
    first = np.searchsorted(parent, parent, side="left")
    return (np.arange(len(parent)) - first + 1).tolist()


def _numbered(parent: np.ndarray) -> list[tuple[int, int]]:
    return list(zip(_numbers(parent), parent.tolist(), strict=True))


def _age_groups(count: int, rng: np.random.Generator) -> list[str]:
    """Different age groups for the rooms of a centre, youngest first."""
    groups = [group.value for group in AgeGroup]
    return [groups[i] for i in np.sort(rng.choice(len(groups), count, replace=False))]
