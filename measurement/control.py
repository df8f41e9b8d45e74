"""Has something that is measured again and again begun to move? Control charts, without NumPy."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ControlPoint:
    """What is drawn at one time, between the limits that hold for it."""

    value: float
    centre: float
    low: float
    high: float

    @property
    def beyond(self) -> bool:
        """Whether it lies outside of its limits; on a limit is inside."""
        return not self.low <= self.value <= self.high


def p_chart(
    counts: Sequence[int],
    sizes: Sequence[int],
    centre: float | None = None,
    sigmas: float = 3.0,
    spread: float = 1.0,
) -> list[ControlPoint]:
    """Shares ``counts`` / ``sizes``, each with its own limits (Shewhart's p-chart).

    Limits p̄ ± L·σ·√(p̄(1 − p̄)/n), cut off at 0 and 1; p̄ the share of all together unless
    ``centre`` is given, L ``sigmas``. ``spread`` σ (see ``spread_of_shares``) widens them where
    what is counted comes in groups. Samples of size 0 are refused: leave the time out.
    Source: Shewhart (1931), Economic Control of Quality of Manufactured Product; Montgomery (2009),
    Introduction to Statistical Quality Control, ch. 7. Checked against NIST/SEMATECH e-Handbook
    6.3.3.2 (30 wafers of 50 chips, p̄ .2313) and Montgomery's limits of these data, .0524 and .4102,
    to the 4 digits printed; limits of unequal samples by hand.
    """
    _check_counts(counts, sizes)
    _check_positive(sigmas, spread)
    middle = sum(counts) / sum(sizes) if centre is None and sizes else centre
    if middle is None:
        return []
    if not 0 <= middle <= 1:
        raise ValueError("The centre of shares must lie between 0 and 1.")
    points = []
    for count, size in zip(counts, sizes, strict=True):
        half = sigmas * spread * math.sqrt(middle * (1 - middle) / size)
        low, high = max(0.0, middle - half), min(1.0, middle + half)
        points.append(ControlPoint(count / size, middle, low, high))
    return points


def spread_of_shares(groups: int, counted: int, size: int, squares: float) -> float:
    """By how much shares differ more than chance lets them: √(X²/(k − 1)), at least 1.

    X² = Σ (x − n p̄)² / (n p̄(1 − p̄)) over k groups, p̄ their share together. Ratings of one session
    stand and fall together: counted as if each stood alone, limits would be too narrow. From sums,
    so that those of some groups can be taken away from those of all: k ``groups``, Σ x ``counted``,
    Σ n ``size``, Σ x²/n ``squares``; X² = (Σ x²/n − p̄ Σ x) / (p̄(1 − p̄)).
    1 for fewer than two groups, or where all agree or none. Source: Wedderburn (1974), Biometrika
    61, 439–447; Spiegelhalter (2005), Stat. Med. 24, 1185–1202. Checked by hand, and by simulation:
    1 for binomial counts, √(1 + (n − 1)ρ) where groups of n resemble each other by ρ.
    """
    if not 0 <= counted <= size:
        raise ValueError("What was counted must lie between 0 and the size of all groups.")
    share = counted / size if size else 0.0
    if groups < 2 or not 0 < share < 1:
        return 1.0
    chance = (squares - share * counted) / (share * (1 - share))
    return math.sqrt(max(1.0, chance / (groups - 1)))


def ewma_chart(
    values: Sequence[float],
    target: float,
    sigma: float,
    weight: float = 0.2,
    sigmas: float = 3.0,
) -> list[ControlPoint]:
    """Exponentially weighted moving mean of ``values`` in their order; sees slow drifts.

    z_t = λx_t + (1 − λ)z_{t−1}, z_0 the ``target``, λ ``weight``; limits
    target ± L·σ·√(λ/(2 − λ)·(1 − (1 − λ)^{2t})), which widen to L·σ·√(λ/(2 − λ)). ``sigma`` is the
    standard deviation of one value about its target while nothing drifts. With λ = 1 each value
    stands alone (Shewhart's chart of individuals).
    Source: Roberts (1959), Technometrics 1, 239–250; Lucas & Saccucci (1990), Technometrics 32,
    1–12. Checked against NIST/SEMATECH e-Handbook 6.3.2.4 (20 values, λ .3): each z to its 2 digits
    and the limits of a long run, 47.4115 and 52.5884, to 3; the limits of the first by hand.
    """
    if not 0 < weight <= 1:
        raise ValueError("The weight of the newest value must lie above 0 and at most at 1.")
    _check_positive(sigmas, sigma)
    if not all(map(math.isfinite, [*values, target])):
        raise ValueError("A control chart needs finite numbers; leave out what is missing.")
    points, moving = [], target
    for t, value in enumerate(values, start=1):
        moving = weight * value + (1 - weight) * moving
        variance = weight / (2 - weight) * (1 - (1 - weight) ** (2 * t))
        half = sigmas * sigma * math.sqrt(variance)
        points.append(ControlPoint(moving, target, target - half, target + half))
    return points


def _check_counts(counts: Sequence[int], sizes: Sequence[int]) -> None:
    if len(counts) != len(sizes):
        raise ValueError("Each count needs the size of its sample.")
    if any(size <= 0 or not 0 <= count <= size for count, size in zip(counts, sizes, strict=True)):
        raise ValueError("Each count must lie between 0 and the size of its sample, above 0.")


def _check_positive(*numbers: float) -> None:
    if not all(math.isfinite(number) and number > 0 for number in numbers):
        raise ValueError("Widths and standard deviations must be finite and above 0.")
