"""Intervals of Φ on data whose truth is known."""

import numpy as np
import pandas as pd
import pytest

from measurement.generalizability import generalizability


def bounds(runs):
    half = 3.5 * np.sqrt(0.95 * 0.05 / runs)
    return 0.95 - half, 0.95 + half


@pytest.mark.parametrize(("rooms", "observers", "severity"), [(20, 3, 0.5), (40, 4, 0.1)])
def test_phi_of_few_observers_is_covered(rooms, observers, severity):
    rng = np.random.default_rng(30)
    p, o = (axis.ravel() for axis in np.indices((rooms, observers)))
    truth = 1 / (1 + (severity + 1) / observers)
    runs, covered = 100, 0
    for _ in range(runs):
        y = rng.normal(size=rooms)[p] + np.sqrt(severity) * rng.normal(size=observers)[o]
        frame = pd.DataFrame({"p": p, "o": o, "score": y + rng.normal(size=len(p))})
        phi = generalizability(frame, "p x o").phi
        covered += phi.low <= truth <= phi.high

    low, high = bounds(runs)
    assert low <= covered / runs <= high


@pytest.mark.parametrize(("kept", "estimator"), [(1.0, "anova"), (0.85, "henderson1")])
def test_phi_of_two_facets_is_covered(kept, estimator):
    rng = np.random.default_rng(31)
    shape = (30, 4, 6)
    p, o, i = (axis.ravel() for axis in np.indices(shape))
    relative = 0.25 / 4 + 0.25 / 6 + 1 / 24
    truth = 1 / (1 + relative + 0.25 / 4 + 0.25 / 6 + 0.09 / 24)
    runs, covered = 60, 0
    for _ in range(runs):
        y = rng.normal(size=30)[p] + 0.5 * rng.normal(size=4)[o] + 0.5 * rng.normal(size=6)[i]
        y = y + 0.5 * rng.normal(size=shape[:2])[p, o] + 0.5 * rng.normal(size=(30, 6))[p, i]
        y = y + 0.3 * rng.normal(size=shape[1:])[o, i] + rng.normal(size=len(p))
        frame = pd.DataFrame({"p": p, "o": o, "i": i, "score": y})[rng.random(len(p)) < kept]
        phi = generalizability(frame, "p x o x i", estimator=estimator).phi
        covered += phi.low <= truth <= phi.high

    low, high = bounds(runs)
    assert low <= covered / runs <= high
