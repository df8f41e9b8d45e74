"""Expected values from R lavaan 0.6-14 (gamma of a WLSMV model of the items)."""

import numpy as np
import pandas as pd
import pytest

from measurement.dimensionality import polychoric
from measurement.dimensionality.asymptotic import asymptotic_covariance
from tests.measurement.lsat6 import LSAT6


def test_covariance_equals_lavaan_on_lsat6():
    found = asymptotic_covariance(LSAT6, polychoric(LSAT6))

    diagonal = [
        *(3.434515836, 1.755156073, 1.580967826, 1.897089023, 2.527299007, 5.502223061),
        *(5.051036863, 6.117378563, 8.192569951, 2.626903423, 3.218627866, 4.088921622),
        *(2.841838738, 3.916861736, 4.260617939),
    ]
    assert np.diag(found) == pytest.approx(diagonal, rel=1e-7)
    assert found[5, 6:9] == pytest.approx([0.8091101649, 0.5331212490, 1.8903398732], rel=1e-6)
    assert found == pytest.approx(found.T)


def test_covariance_equals_lavaan_with_four_steps(reference, shared_data):
    reference("polychoric_efa")
    science = pd.read_csv(shared_data / "reference" / "polychoric_efa" / "science.csv").iloc[:, :3]

    found = asymptotic_covariance(science, polychoric(science))

    diagonal = [
        *(11.613064068, 3.020847069, 1.931247164, 3.491103498, 1.730317938, 1.691127049),
        *(3.230392670, 1.679655883, 2.427572591, 1.242884270, 1.048655385, 1.077050089),
    ]
    assert np.diag(found) == pytest.approx(diagonal, rel=1e-7)


def test_covariance_is_that_of_repeated_samples():
    rng = np.random.default_rng(8)
    seen = []
    for _ in range(200):
        score = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], size=500)
        data = pd.DataFrame({"a": np.digitize(score[:, 0], [-0.5, 0.8]), "b": score[:, 1] > 0.3})
        found = polychoric(data.astype(int))
        seen.append([*found.thresholds["a"], *found.thresholds["b"], found.matrix.loc["a", "b"]])

    expected = np.sqrt(np.diag(asymptotic_covariance(data.astype(int), found)) / 500)
    # The spread of 200 samples is known within 1/√400 = 5 %; one sample's Γ adds a little.
    assert np.std(seen, axis=0) / expected == pytest.approx(np.ones(4), abs=0.2)


def test_rows_with_a_gap_inform_the_other_pairs():
    holed = LSAT6.astype(float)
    holed.loc[holed.index[::2], "i1"] = np.nan

    full = np.diag(asymptotic_covariance(LSAT6, polychoric(LSAT6)))
    found = np.diag(asymptotic_covariance(holed, polychoric(holed)))

    assert found[0] == pytest.approx(2 * full[0], rel=0.2)
    assert found[1:5] == pytest.approx(full[1:5])


@pytest.mark.parametrize(
    ("data", "correction"),
    [
        (LSAT6.assign(same=1), 0),
        (pd.DataFrame({"a": [0] * 15 + [1] * 20, "b": [0] * 10 + [1] * 25}), 0),
        (LSAT6, 0.5),
    ],
)
def test_covariance_refuses_correlations_without_one(data, correction):
    with pytest.raises(ValueError, match="every polychoric correlation"):
        asymptotic_covariance(data, polychoric(data, correction))
