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

    Strengths: the items with the highest means, at 2 of 3 or above of their scale. Focus: the
    item with the lowest mean that is no strength and below the top of its scale. Ties go to the
    item seen in more cycles, then to the order of the instrument.
    """
    means = sorted(means, key=lambda each: (-each.n, each.item.order))
    share = {id(each): _share(each) for each in means}
    best = sorted(means, key=lambda each: -share[id(each)])
    strengths = [each for each in best if share[id(each)] >= 2 / 3][:2]
    rest = [each for each in means if each not in strengths and share[id(each)] < 1]
    return strengths, min(rest, key=lambda each: share[id(each)], default=None)


def _share(each: ItemMean) -> float:
    """The mean as a share of the highest value of its scale."""
    highest = each.item.scale.maximum
    if not highest:
        raise ValueError(f"The scale of item {each.item.code} has no highest value above 0.")
    return each.mean / highest
