"""What feedback points out."""

from collections.abc import Iterable
from dataclasses import dataclass

from observation.models import Item


@dataclass(frozen=True)
class ItemMean:
    """Mean value of an item over the cycles in which it was scored (``n`` of them)."""

    item: Item
    mean: float
    n: int


def strengths_and_focus(means: Iterable[ItemMean]) -> tuple[list[ItemMean], ItemMean | None]:
    """Up to two strengths and one focus, a rule of our own, said beside the result.

    Strengths: the items with the highest means, at 2 of 3 or above of the way from the lowest to
    the highest value of their scale. Focus: the item with the lowest mean that is no strength and
    below the top of its scale. Ties go to the item seen in more cycles, then to the order of the
    instrument. Counts without a highest value have no place between two ends, so neither here.
    """
    means = [each for each in means if each.item.scale.maximum is not None]
    means.sort(key=lambda each: (-each.n, each.item.order))
    share = {id(each): _share(each) for each in means}
    best = sorted(means, key=lambda each: -share[id(each)])
    strengths = [each for each in best if share[id(each)] >= 2 / 3][:2]
    rest = [each for each in means if each not in strengths and share[id(each)] < 1]
    return strengths, min(rest, key=lambda each: share[id(each)], default=None)


def _share(each: ItemMean) -> float:
    """How far the mean lies on the way from the lowest to the highest value of its scale."""
    scale = each.item.scale
    lowest = scale.minimum or 0
    if scale.maximum is None:
        raise ValueError(f"The scale of item {each.item.code} is open: nothing lies on the way.")
    return (each.mean - lowest) / (scale.maximum - lowest)
