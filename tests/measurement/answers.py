"""Answers to items for the tests of item response models."""

from pathlib import Path

import numpy as np
import pandas as pd


def lsat6() -> pd.DataFrame:
    """Section 6 of the Law School Admission Test, 1,000 persons, 5 items (Bock & Lieberman 1970,
    Psychometrika 35, 179–197), from the frequencies of its 30 patterns."""
    counted = pd.read_csv(Path(__file__).with_name("lsat6.csv"))
    return counted.loc[counted.index.repeat(counted.pop("n"))].reset_index(drop=True)


def graded(n: int, items: int, steps: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Answers that follow a graded response model with θ ~ N(0, 1), and the items' slopes."""
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=n)
    slopes = rng.uniform(0.8, 2.2, items)
    steps_at = np.sort(rng.normal(size=(items, steps)) * 0.9, axis=1) + np.linspace(
        -0.3, 0.3, steps
    )
    reached = 1 / (1 + np.exp(-(slopes * (theta[:, None] - steps_at.T[:, None]))))
    answers = (rng.random((n, items)) < reached).sum(axis=0).astype(float)
    return pd.DataFrame(answers, columns=[f"i{j}" for j in range(items)]), slopes
