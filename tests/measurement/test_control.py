import math

import numpy as np
import pytest

from measurement.control import ControlPoint, ewma_chart, p_chart, spread_of_shares

# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.4: λ .3, target 50, s 2.0539.
NIST = [
    *(52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5),
    *(49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1),
]
NIST_EWMA = [
    *(50.60, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33),
    *(50.11, 49.36, 49.52, 50.05, 49.38, 49.92, 50.73, 51.23, 51.94, 51.99),
]
# The same, 6.3.3.2, and Montgomery (2009), ch. 7: 30 samples of 50.
WAFERS = [
    *(12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22),
    *(8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6),
]


def test_ewma_is_the_published_one():
    points = ewma_chart(NIST, 50, 2.0539, weight=0.3)

    assert [round(point.value, 2) for point in points] == NIST_EWMA
    assert points[-1].low == pytest.approx(47.4115, abs=1e-3)
    assert points[-1].high == pytest.approx(52.5884, abs=1e-3)
    assert not any(point.beyond for point in points)


def test_ewma_limits_widen_from_the_first_value():
    first, *_rest, last = ewma_chart(NIST, 50, 2.0539, weight=0.3)

    assert first.high == pytest.approx(50 + 3 * 0.3 * 2.0539)
    assert last.high - last.centre < 3 * 2.0539 * math.sqrt(0.3 / 1.7)


def test_ewma_with_all_weight_on_the_newest_is_shewharts_chart():
    points = ewma_chart([1.0, -4.0], 0, 1, weight=1)

    assert points == [ControlPoint(1, 0, -3, 3), ControlPoint(-4, 0, -3, 3)]
    assert [point.beyond for point in points] == [False, True]


def test_ewma_of_small_shift_signals_where_single_values_do_not():
    values = [1.2] * 12

    assert not any(point.beyond for point in ewma_chart(values, 0, 1, weight=1))
    assert ewma_chart(values, 0, 1)[-1].beyond


def test_p_chart_is_the_published_one():
    points = p_chart(WAFERS, [50] * 30)

    assert points[0].centre == pytest.approx(0.2313, abs=5e-5)
    assert points[0].low == pytest.approx(0.0524, abs=5e-5)
    assert points[0].high == pytest.approx(0.4102, abs=5e-5)
    # Montgomery's samples 15 and 23 are out of control.
    assert [place for place, point in enumerate(points, 1) if point.beyond] == [15, 23]


def test_p_chart_has_limits_for_each_size():
    small, large = p_chart([5, 50], [10, 100], centre=0.5)

    assert (small.low, small.high) == (
        pytest.approx(0.5 - 3 * math.sqrt(0.025)),
        pytest.approx(0.5 + 3 * math.sqrt(0.025)),
    )
    assert large.high == pytest.approx(0.65)


def test_p_chart_stays_between_nothing_and_everything():
    (point,) = p_chart([1], [2], spread=2)

    assert (point.low, point.high) == (0, 1)


def test_p_chart_of_nothing_is_empty():
    assert p_chart([], []) == []
    assert p_chart([], [], centre=0.5) == []


def spread(counts, sizes):
    squares = sum(count**2 / size for count, size in zip(counts, sizes, strict=True))
    return spread_of_shares(len(sizes), sum(counts), sum(sizes), squares)


def test_spread_by_hand():
    # p̄ = .5; X² = (9 − 5)²/2.5 + (1 − 5)²/2.5 = 12.8, over one degree of freedom
    assert spread([9, 1], [10, 10]) == pytest.approx(math.sqrt(12.8))


@pytest.mark.parametrize(
    ("counts", "sizes"), [([], []), ([5], [10]), ([0, 0], [10, 10]), ([5, 5], [10, 10])]
)
def test_spread_is_never_below_chance(counts, sizes):
    assert spread(counts, sizes) == 1


def test_spread_of_groups_that_resemble_each_other():
    rng, n, rho = np.random.default_rng(4), 30, 0.1
    shares = rng.beta(0.5 * (1 - rho) / rho, 0.5 * (1 - rho) / rho, 4_000)
    counts = rng.binomial(n, shares).tolist()

    assert spread(counts, [n] * 4_000) == pytest.approx(math.sqrt(1 + 29 * rho), rel=0.05)
    alone = rng.binomial(n, 0.4, 4_000).tolist()
    assert spread(alone, [n] * 4_000) == pytest.approx(1, rel=0.03)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: p_chart([1], [1, 2]),
        lambda: p_chart([3], [2]),
        lambda: p_chart([-1], [2]),
        lambda: p_chart([0], [0]),
        lambda: p_chart([1], [2], centre=1.5),
        lambda: p_chart([1], [2], sigmas=0),
        lambda: ewma_chart([1.0], 0, 0),
        lambda: ewma_chart([1.0], 0, math.inf),
        lambda: ewma_chart([math.nan], 0, 1),
        lambda: ewma_chart([1.0], 0, 1, weight=0),
        lambda: ewma_chart([1.0], 0, 1, weight=1.1),
    ],
)
def test_rubbish_is_refused_in_a_sentence(wrong):
    with pytest.raises(ValueError, match=r"\.$"):
        wrong()
