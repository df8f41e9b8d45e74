"""An invented table of sessions, the same each time, that R fitted too."""

import numpy as np
import pandas as pd


def sessions() -> pd.DataFrame:
    """240 sessions in 48 rooms of 12 centres by 6 mentors: centre, room, mentor, dose, treated,
    score (about 50), yes (0, 1), step (0 to 3)."""
    rng = np.random.default_rng(42)
    n = 240
    centre, room = np.arange(n) // 20, np.arange(n) // 5
    mentor = rng.integers(0, 6, n)
    dose = np.round(rng.normal(size=n), 1)
    treated = (centre % 2).astype(float)
    level = 0.5 * treated + 0.4 * dose + rng.normal(0, 0.7, 12)[centre]
    level = level + rng.normal(0, 0.5, 48)[room] + rng.normal(0, 0.5, 6)[mentor]
    return pd.DataFrame(
        {
            "centre": centre,
            "room": room,
            "mentor": mentor,
            "dose": dose,
            "treated": treated,
            "score": np.round(50 + 5 * level + rng.normal(0, 4, n), 2),
            "yes": (rng.random(n) < 1 / (1 + np.exp(-level))).astype(int),
            "step": np.digitize(level + rng.logistic(size=n), [-1, 0.3, 1.5]),
        }
    )


def scores() -> pd.DataFrame:
    """12 rooms (p) × 3 observers (o) × 4 items (i), fully crossed: p, o, i, score."""
    rng = np.random.default_rng(7)
    p, o, i = (axis.ravel() for axis in np.indices((12, 3, 4)))
    level = rng.normal(0, 1.0, 12)[p] + rng.normal(0, 0.6, 3)[o] + rng.normal(0, 0.5, 4)[i]
    level = level + rng.normal(0, 0.6, (12, 3))[p, o] + rng.normal(0, 0.4, (12, 4))[p, i]
    level = level + rng.normal(0, 0.3, (3, 4))[o, i]
    score = np.round(5 + level + rng.normal(0, 0.7, 144), 2)
    return pd.DataFrame({"p": p, "o": o, "i": i, "score": score})
