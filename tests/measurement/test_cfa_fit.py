import numpy as np
import pytest
from scipy import stats

from measurement.cfa.fit import ChiSquares, cfi, noncentrality, p_close, rmsea, rmsea_interval, tli


def test_noncentrality_gives_back_its_probability():
    chisq = np.array([30.0, 85.3, 1e4, 1e6, 3e3, 3.9])
    df = np.array([24, 24, 248, 248, 2000, 1])

    found = noncentrality(chisq, df, 0.05)

    assert stats.ncx2.cdf(chisq, df, found) == pytest.approx(np.full(6, 0.05), abs=1e-12)


def test_noncentrality_is_zero_where_chi_square_is_small():
    assert noncentrality(np.array([0.0, 5.0, 30.0]), 24, 0.95).tolist() == [0, 0, 0]


def test_rmsea_of_holzinger_and_swineford_equals_published():
    # Rosseel (2012), J. Stat. Softw. 48(2): chi-square 85.306, df 24, n 301.
    assert rmsea(85.306, 24, 301) == pytest.approx(0.092, abs=5e-4)
    assert rmsea_interval(85.306, 24, 301) == pytest.approx((0.071, 0.114), abs=5e-4)
    assert p_close(85.306, 24, 301) == pytest.approx(0.001, abs=5e-4)
    assert cfi(85.306, 24, 918.852, 36) == pytest.approx(0.931, abs=5e-4)
    assert tli(85.306, 24, 918.852, 36) == pytest.approx(0.896, abs=5e-4)


def test_a_fit_better_than_chance_has_rmsea_zero_and_tli_above_one():
    found = ChiSquares(10.0, 24, 900.0, 36, 300).indices()

    assert (found["cfi"], found["rmsea"], found["rmsea_low"]) == (1.0, 0.0, 0.0)
    assert found["tli"] > 1


def test_without_anything_to_explain_there_is_no_cfi():
    found = ChiSquares(20.0, 24, 36.0, 36, 300).indices()

    assert (found["cfi"], found["tli"]) == (None, None)


def test_rmsea_of_groups_counts_them():
    assert rmsea(100, 48, 300, groups=2) == pytest.approx(np.sqrt(2) * rmsea(100, 48, 300))
