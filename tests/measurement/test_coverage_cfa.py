"""Of many samples from a known truth: do p-values and intervals keep what they promise?"""

import numpy as np
import pandas as pd

from measurement.cfa import Model, cfa_ml, cfa_ordinal

LOADINGS = np.array([0.8, 0.7, 0.6, 0.7, 0.5])
MODEL = Model({"f": list("abcde")}, "variance")


def sample(rng, n):
    factor = rng.normal(size=(n, 1))
    noise = rng.normal(size=(n, 5)) * np.sqrt(1 - LOADINGS**2)
    return pd.DataFrame(factor * LOADINGS + noise, columns=list("abcde"))


def within(share, nominal, tries):
    return abs(share - nominal) < 3.5 * np.sqrt(nominal * (1 - nominal) / tries)


def judged(fits):
    """p-values of the model, and how often each loading's interval has the truth in it."""
    p_values = np.array([fit.headline["p_value"] for fit in fits])
    rows = [fit.estimates.query("op == '=~'")[["std", "std_se"]].to_numpy() for fit in fits]
    std, se = np.stack(rows, axis=2).swapaxes(0, 1)
    return p_values, np.mean(np.abs(std.T - LOADINGS) < 1.959964 * se.T, axis=0)


def test_p_values_and_loadings_of_a_true_model_by_maximum_likelihood():
    rng = np.random.default_rng(20)
    p_values, covered = judged([cfa_ml(sample(rng, 400), MODEL) for _ in range(200)])

    for level in (0.05, 0.25, 0.5, 0.75):
        assert within((p_values < level).mean(), level, 200)
    assert all(within(share, 0.95, 200) for share in covered)


def test_p_values_and_loadings_of_a_true_model_of_ordered_steps():
    rng = np.random.default_rng(21)
    cuts = np.array([-0.8, 0.0, 0.9])
    steps = [(sample(rng, 500).to_numpy()[:, :, None] > cuts).sum(axis=2) for _ in range(100)]
    p_values, covered = judged(
        [cfa_ordinal(pd.DataFrame(own, columns=list("abcde")), MODEL) for own in steps]
    )

    for level in (0.05, 0.25, 0.5, 0.75):
        assert within((p_values < level).mean(), level, 100)
    assert all(within(share, 0.95, 100) for share in covered)
