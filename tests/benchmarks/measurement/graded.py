"""The graded response model in plain NumPy: EM over fixed nodes, Fisher steps for each item.

Bock & Aitkin (1981), Psychometrika 46, 443–459: expected counts by node from all rows at once,
then each item by itself. The nodes are those of ``measurement.irt``, so that both have one
likelihood; EM ends where that rises by less than a hundredth.
"""

import numpy as np

from tests.benchmarks.measurement.data import ITEMS, TOP, Country
from tests.benchmarks.measurement.timing import Values

NODES = 61
ENOUGH = 0.01
CUTS = TOP + 1


def graded(made: Country) -> Values:
    codes = made.items.to_numpy().astype(int)
    table = np.eye(CUTS)[codes].reshape(len(codes), -1)
    theta = np.linspace(-6, 6, NODES)
    mass = np.exp(-(theta**2) / 2)
    log_mass = np.log(mass / mass.sum())
    above = 1 - np.cumsum(table.mean(axis=0).reshape(ITEMS, CUTS), axis=1)[:, :-1]
    slope, d = np.ones(ITEMS), 1.2 * np.log(above / (1 - above))
    before, loglik = -np.inf, -np.inf
    while loglik == -np.inf or loglik - before > ENOUGH:
        before = loglik
        p, _ends = curves(slope, d, theta)
        joint = table @ np.log(p).reshape(-1, NODES) + log_mass
        top = joint.max(axis=1, keepdims=True)
        weight = np.exp(joint - top)
        total = weight.sum(axis=1, keepdims=True)
        loglik = float((np.log(total) + top).sum())
        counts = (table.T @ (weight / total)).reshape(ITEMS, CUTS, NODES)
        for _step in range(2):
            slope, d = stepped(slope, d, theta, counts)
    return {"loglik": loglik, "slope": slope[0], "hardest": -d[-1, -1] / slope[-1]}


def curves(slope: np.ndarray, d: np.ndarray, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """P(code | node), items × codes × nodes, and the slopes P(1 − P) at its ends, 0 beyond."""
    reached = 1 / (1 + np.exp(-(slope[:, None] * theta)[:, None] - d[..., None]))
    ends = np.pad(reached, ((0, 0), (1, 1), (0, 0)))
    ends[:, 0] = 1
    return ends[:, :-1] - ends[:, 1:], ends * (1 - ends)


def stepped(
    slope: np.ndarray, d: np.ndarray, theta: np.ndarray, counts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """One Fisher step of every item, its expected counts held."""
    p, ends = curves(slope, d, theta)
    by_parameter = np.zeros((ITEMS, 1 + TOP, CUTS, NODES))  # ∂P / ∂(slope, d1 … dm)
    by_parameter[:, 0] = (ends[:, :-1] - ends[:, 1:]) * theta
    for k in range(TOP):
        by_parameter[:, 1 + k, k + 1] = ends[:, k + 1]
        by_parameter[:, 1 + k, k] = -ends[:, k + 1]
    flat = by_parameter.reshape(ITEMS, 1 + TOP, -1)
    there = np.repeat(counts.sum(axis=1, keepdims=True), CUTS, axis=1)
    gradient = flat @ (counts / p).reshape(ITEMS, -1, 1)
    information = (flat * (there / p).reshape(ITEMS, 1, -1)) @ flat.transpose(0, 2, 1)
    step = np.linalg.solve(information, gradient)[..., 0]
    return slope + step[:, 0], d + step[:, 1:]
