"""Expected values from R psych 2.2.9 (KMO, cortest.bartlett)."""

import numpy as np
import pandas as pd
import pytest

from measurement.dimensionality.adequacy import adequacy
from tests.measurement.harman import HARMAN, ROWS


def test_adequacy_equals_psych():
    found = adequacy(HARMAN, ROWS)

    each = [
        *(0.8643147, 0.8162962, 0.8576544, 0.8866618),
        *(0.7796144, 0.8511215, 0.8240441, 0.8984689),
    ]
    assert found.kmo == pytest.approx(0.845460851, abs=1e-9)
    assert found.items.to_numpy() == pytest.approx(each, abs=1e-7)
    assert found.chi2 == pytest.approx(2085.740478, abs=1e-6)
    assert (found.df, found.n, found.reason) == (28, 305, "")


def test_bartlett_is_uniform_where_nothing_is_common():
    rng = np.random.default_rng(4)

    p = [adequacy(pd.DataFrame(np.corrcoef(rng.normal(size=(5, 100)))), 100).p for _ in range(400)]

    assert np.mean(np.array(p) < 0.05) == pytest.approx(0.05, abs=3.5 * (0.05 * 0.95 / 400) ** 0.5)
    assert np.mean(p) == pytest.approx(0.5, abs=3.5 / (12 * 400) ** 0.5)


@pytest.mark.parametrize(
    ("matrix", "n", "reason"),
    [
        (HARMAN.iloc[:1, :1], 300, "too_few_items"),
        (HARMAN, 8, "too_few_rows"),
        (HARMAN.where(HARMAN != 0.846), 300, "not_identified"),
        (pd.DataFrame(np.ones((3, 3))), 300, "not_positive_definite"),
        (pd.DataFrame(np.eye(3)), 300, "not_identified"),
    ],
)
def test_adequacy_says_why_there_is_no_answer(matrix, n, reason):
    found = adequacy(matrix, n)

    assert (found.kmo, found.reason) == (None, reason)


def test_adequacy_without_n_has_no_test():
    found = adequacy(HARMAN)

    assert (found.chi2, found.p) == (None, None)
    assert found.kmo == pytest.approx(0.845460851)


def test_adequacy_refuses_what_is_no_correlation_matrix():
    with pytest.raises(ValueError, match="same both ways"):
        adequacy(HARMAN.assign(height=0.1))
