"""Expected values from R: factanal, promax, and psych 2.2.9 (fa)."""

import numpy as np
import pandas as pd
import pytest

from measurement.dimensionality.efa import efa
from tests.measurement.harman import HARMAN, ITEMS, ROWS


def test_maximum_likelihood_equals_factanal():
    found = efa(HARMAN, ROWS, 2, "ml", "varimax")

    uniquenesses = [
        *(0.1697674938, 0.1070676918, 0.1661679186, 0.1994176220),
        *(0.0891182392, 0.3637054352, 0.4163465961, 0.5367339978),
    ]
    turned = [
        *((0.8628456, 0.2927968), (0.9262011, 0.1873066), (0.8941537, 0.1852597)),
        *((0.8568625, 0.2576220), (0.2268175, 0.9270575), (0.1890505, 0.7749545)),
        *((0.1288995, 0.7530195), (0.2734468, 0.6232919)),
    ]
    assert found.uniquenesses.to_numpy() == pytest.approx(uniquenesses, abs=1e-6)
    assert found.loadings.to_numpy() == pytest.approx(np.array(turned), abs=5e-6)
    assert found.fit.chi2 == pytest.approx(75.73754, abs=1e-5)
    assert (found.fit.df, found.sufficient) == (13, True)
    assert found.fit.p == pytest.approx(6.936775e-11, rel=1e-4)


def test_promax_equals_r():
    found = efa(HARMAN, ROWS, 2, "ml", "promax")

    expected = [
        *((0.8721389, 0.0754658), (0.9724361, -0.0595670), (0.9375229, -0.0525975)),
        *((0.8755551, 0.0382524), (-0.0134664, 0.9608669), (-0.0118694, 0.8033761)),
        *((-0.0722333, 0.7964288), (0.1249176, 0.6111680)),
    ]
    assert found.loadings.to_numpy() == pytest.approx(np.array(expected), abs=5e-6)


def test_oblimin_and_fit_equal_psych():
    found = efa(HARMAN, ROWS, 2, "ml", "oblimin")

    assert found.phi.loc["F1", "F2"] == pytest.approx(0.4625266, abs=5e-6)
    assert found.loadings.loc["height"].tolist() == pytest.approx([0.869362, 0.083828], abs=1e-5)
    assert found.fit.tli == pytest.approx(0.93403567, abs=1e-7)
    assert found.fit.rmsea == pytest.approx(0.125745973, abs=1e-7)
    assert found.fit.rmsea_low == pytest.approx(0.099371898, abs=1e-6)
    assert found.fit.rmsea_high == pytest.approx(0.154192008, abs=1e-6)


@pytest.mark.parametrize("method", ["minres", "pa"])
def test_least_squares_equals_psych(method):
    found = efa(HARMAN, ROWS, 2, method)

    communalities = [
        *(0.83801796, 0.88882432, 0.82048575, 0.80765365),
        *(0.88935808, 0.63991911, 0.58308987, 0.49193261),
    ]
    assert found.communalities.to_numpy() == pytest.approx(communalities, abs=2e-5)
    assert found.phi.loc["F1", "F2"] == pytest.approx(0.4673749, abs=2e-5)


@pytest.mark.parametrize(
    ("name", "key", "how"),
    [
        ("minres_oblimin", "polychoric_nocorrect", ("minres", "oblimin")),
        ("ml_varimax", "polychoric_nocorrect", ("ml", "varimax")),
    ],
)
def test_factors_equal_reference(reference, name, key, how):
    _, expected = reference("polychoric_efa")
    matrix = pd.DataFrame(expected[key], index=list(expected[key]))

    found = efa(matrix, expected["n"], 2, *how)

    theirs = pd.DataFrame(expected[name]["loadings"]).T
    # R's varimax stops .0035 short of its maximum.
    tolerance = 0.0036 if "varimax" in how else 1e-5
    assert found.loadings.to_numpy() == pytest.approx(theirs.to_numpy(), abs=tolerance)
    if "phi" in expected[name]:
        assert found.phi.iloc[0, 1] == pytest.approx(expected[name]["phi"], abs=2e-5)
        assert found.fit.tli == pytest.approx(expected[name]["tli"], abs=1e-6)
        assert found.fit.rmsea == pytest.approx(expected[name]["rmsea"], abs=1e-6)
        assert found.communalities.to_dict() == pytest.approx(
            expected[name]["communality"], abs=2e-6
        )


def test_factors_of_pearson_correlations_equal_reference(reference):
    data, expected = reference("polychoric_efa")

    found = efa(data.corr(), len(data), 2)

    theirs = pd.DataFrame(expected["pearson_minres_oblimin"]["loadings"]).T
    assert found.loadings.to_numpy() == pytest.approx(theirs.to_numpy(), abs=1e-5)


def test_turning_changes_neither_fit_nor_communalities():
    plain, turned = efa(HARMAN, ROWS, 2, rotation="none"), efa(HARMAN, ROWS, 2)

    again = turned.loadings @ turned.phi @ turned.loadings.T
    assert plain.fit == turned.fit
    assert np.diag(again) == pytest.approx(turned.communalities.to_numpy(), abs=1e-7)
    assert again.to_numpy() == pytest.approx((plain.loadings @ plain.loadings.T).to_numpy())


def test_factors_are_in_order_whatever_the_order_of_items():
    shuffled = ITEMS[::-1]

    found = efa(HARMAN.loc[shuffled, shuffled], ROWS, 2)

    straight = efa(HARMAN, ROWS, 2)
    assert found.loadings.loc[ITEMS].to_numpy() == pytest.approx(
        straight.loadings.to_numpy(), abs=1e-5
    )


def test_item_explained_wholly_is_improper():
    found = efa(HARMAN, ROWS, 3, "ml")

    assert (found.reason, found.items, found.fit) == ("improper_solution", ["span"], None)
    assert not found.sufficient
    assert found.uniquenesses["span"] == pytest.approx(0.005)


@pytest.mark.parametrize("method", ["minres", "pa"])
def test_improper_solution_is_seen_by_every_method(method):
    # One factor needs r_ab·r_ac/r_bc = 1.28 of the first item.
    matrix = pd.DataFrame([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]])

    assert efa(matrix, 100, 1, method).reason == "improper_solution"


def test_matrix_that_is_not_positive_definite_is_mended_only_when_asked():
    matrix = pd.DataFrame(HARMAN, copy=True)
    matrix.loc["height", "span"] = matrix.loc["span", "height"] = 0.2

    plain, mended = efa(matrix, ROWS, 2), efa(matrix, ROWS, 2, smooth=True)

    assert plain.reason == "not_positive_definite"
    assert plain.loadings.empty
    assert mended.smoothed
    assert efa(HARMAN, ROWS, 2, smooth=True).smoothed is False


@pytest.mark.parametrize(
    ("matrix", "n", "factors", "reason"),
    [
        (HARMAN, ROWS, 5, "not_identified"),
        (HARMAN.iloc[:2, :2], ROWS, 1, "not_identified"),
        (HARMAN, 8, 2, "too_few_rows"),
        (HARMAN.where(HARMAN != 0.846), ROWS, 2, "not_identified"),
    ],
)
def test_efa_says_why_there_is_no_answer(matrix, n, factors, reason):
    found = efa(matrix, n, factors)

    assert (found.reason, found.loadings.empty) == (reason, True)


def test_efa_without_n_has_no_test_of_fit():
    found = efa(HARMAN, None, 2).fit

    assert (found.chi2, found.tli, found.rmsea) == (None, None, None)
    assert found.srmr < 0.03


def test_saturated_model_has_no_rmsea():
    found = efa(HARMAN.iloc[:3, :3], ROWS, 1).fit

    assert (found.df, found.rmsea) == (0, None)
    assert found.chi2 == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("method", ["ml", "minres", "pa"])
def test_search_that_is_cut_short_has_not_converged(method):
    found = efa(HARMAN, ROWS, 2, method, rounds=1)

    assert (found.reason, found.fit) == ("not_converged", None)


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (HARMAN.iloc[:3], "as many rows as columns"),
        (HARMAN * 2, "between"),
        (HARMAN * 0.5, "diagonal"),
        (HARMAN.assign(height=0.1), "between"),
    ],
)
def test_efa_refuses_what_is_no_correlation_matrix(matrix, message):
    with pytest.raises(ValueError, match=message):
        efa(matrix, ROWS, 2)


def test_efa_refuses_no_factors():
    with pytest.raises(ValueError, match="at least one"):
        efa(HARMAN, ROWS, 0)
