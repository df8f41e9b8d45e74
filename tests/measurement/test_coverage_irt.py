"""Intervals cover at their nominal rate, p-values are uniform where nothing differs."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from measurement.irt import fit_grm, logistic_dif, mantel_haenszel, s_x2
from tests.measurement.answers import graded


def test_intervals_of_graded_slopes_cover():
    covered = []
    for seed in range(60):
        data, slopes = graded(400, 5, 2, seed=1000 + seed)
        items = fit_grm(data).items
        covered.append(np.abs(items["slope"] - slopes) < 1.96 * items["slope_se"])

    shares = np.array(covered).mean(axis=1)

    # 3.5 standard errors of the mean over data sets, as if each were five independent slopes.
    assert shares.mean() == pytest.approx(0.95, abs=3.5 * np.sqrt(0.95 * 0.05 / 300))


@pytest.mark.parametrize("method", [mantel_haenszel, logistic_dif])
def test_p_values_of_groups_made_by_chance_are_uniform(method):
    data, _ = graded(3000, 12, 2, seed=3)
    group = pd.Series(np.random.default_rng(3).permutation(np.resize(np.arange(15), 3000)))

    p = method(data, group, "rest")["p"]

    assert len(p) == 180
    assert stats.kstest(p, "uniform").pvalue > 0.001
    assert (p < 0.05).mean() == pytest.approx(0.05, abs=3.5 * np.sqrt(0.05 * 0.95 / 180))


def test_p_values_of_s_x2_are_uniform_where_the_model_holds():
    p = []
    for seed in range(12):
        data, _ = graded(1000, 10, 2, seed=500 + seed)
        p += s_x2(fit_grm(data), data)["p"].tolist()

    assert stats.kstest(p, "uniform").pvalue > 0.001
    assert np.mean(np.array(p) < 0.05) == pytest.approx(0.05, abs=3.5 * np.sqrt(0.05 * 0.95 / 120))
