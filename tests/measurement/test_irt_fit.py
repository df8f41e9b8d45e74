import numpy as np
import pandas as pd
import pytest

from measurement.irt import (
    eap_scores,
    empirical_reliability,
    fit_2pl,
    fit_gpcm,
    fit_grm,
    fit_rasch,
    information,
    map_scores,
    marginal_reliability,
    q3,
    rasch_cml,
    s_x2,
)
from tests.measurement.answers import graded, lsat6

PATTERNS = pd.DataFrame(
    [[0] * 5, [1] * 5, [1, 0, 1, 0, 1]], columns=[f"Item{j}" for j in range(1, 6)]
)


def test_information_and_reliability_equal_reference(reference):
    data, expected = reference("irt_rasch_2pl_lsat6")
    fit = fit_2pl(data)

    case = expected["test_information_2pl"]
    assert information(fit, np.array(case["theta"]))["total"].to_numpy() == pytest.approx(
        case["info"], abs=1e-6
    )
    assert marginal_reliability(fit).value == pytest.approx(
        expected["marginal_reliability_mirt"], abs=1e-6
    )
    assert empirical_reliability(fit, data).value == pytest.approx(
        expected["empirical_rxx_EAP"], abs=1e-6
    )


def test_reference_called_eap_is_the_mode(reference):
    # What the case calls EAP is ltm's empirical Bayes: the most likely θ, not the mean.
    data, expected = reference("irt_rasch_2pl_lsat6")

    found = map_scores(fit_2pl(data), PATTERNS)

    assert found["map"].to_numpy() == pytest.approx(expected["eap_patterns"]["eap"], abs=4e-4)
    assert found["se"].to_numpy() == pytest.approx(expected["eap_patterns"]["se"], abs=1e-4)


@pytest.mark.parametrize("fitted", [fit_grm, fit_gpcm])
def test_scores_equal_dense_integration(fitted):
    data, _ = graded(400, 5, 3, seed=8)
    fit = fitted(data)
    theta = np.linspace(-8, 8, 16_001)
    row = [0, 2, np.nan, 3, 1]

    eap, mode = (
        scores(fit, pd.DataFrame([row], columns=data.columns))
        for scores in (eap_scores, map_scores)
    )

    log_p = -(theta**2) / 2
    for curve, code in zip(fit.curves.values(), row, strict=True):
        if not np.isnan(code):
            log_p = log_p + curve.log_probabilities(theta)[int(code)]
    mass = np.exp(log_p - log_p.max())
    mean = mass @ theta / mass.sum()
    assert eap["items"].tolist() == [4]
    assert eap["eap"].item() == pytest.approx(mean, abs=1e-8)
    assert eap["se"].item() == pytest.approx(
        np.sqrt(mass @ (theta - mean) ** 2 / mass.sum()), abs=1e-8
    )
    assert mode["map"].item() == pytest.approx(theta[log_p.argmax()], abs=6e-4)


@pytest.mark.parametrize("fitted", [fit_grm, fit_gpcm])
def test_information_is_the_curvature_expected_of_the_answers(fitted):
    data, _ = graded(400, 5, 3, seed=8)
    curve = fitted(data).curves["i1"]
    step = 1e-4

    below, here, above = (curve.log_probabilities(np.array([0.7 + h])) for h in (-step, 0, step))

    bent = -(above - 2 * here + below) / step**2
    assert curve.information(np.array([0.7])) == pytest.approx(
        (np.exp(here) * bent).sum(), rel=1e-5
    )


def test_row_without_answers_has_no_score():
    fit = fit_2pl(lsat6())
    nothing = PATTERNS[:1] * np.nan

    assert eap_scores(fit, nothing)["eap"].isna().all()
    assert map_scores(fit, nothing)["map"].isna().all()


def test_reliability_in_units_of_theta_is_that_of_the_standard_scale():
    by_slope, by_variance = fit_rasch(lsat6(), "slope"), fit_rasch(lsat6(), "variance")

    assert marginal_reliability(by_variance).value == pytest.approx(
        marginal_reliability(by_slope).value, abs=1e-9
    )
    assert empirical_reliability(by_variance, lsat6()).value == pytest.approx(
        empirical_reliability(by_slope, lsat6()).value, abs=1e-9
    )


def test_what_hangs_on_a_model_that_is_missing_says_so():
    data = lsat6() * np.nan
    fit = fit_2pl(data)

    assert marginal_reliability(fit).reason == "all_missing"
    assert empirical_reliability(fit, data).reason == "all_missing"
    assert eap_scores(fit, data)["eap"].isna().all()
    assert map_scores(fit, data)["map"].isna().all()
    assert q3(fit, data).empty
    assert s_x2(fit, data).empty


def test_empirical_reliability_of_one_row_is_insufficient():
    assert empirical_reliability(fit_2pl(lsat6()), PATTERNS[:1]).reason == "too_few_rows"


def test_information_refuses_item_names_of_its_columns():
    fit = rasch_cml(lsat6().rename(columns={"Item1": "total"}))

    with pytest.raises(ValueError, match="columns of the result"):
        information(fit)


def test_s_x2_equals_enumeration():
    # Expected shares of a 1 at each score, from all 32 patterns.
    data = lsat6()
    fit = fit_2pl(data)
    theta = np.linspace(-6, 6, 61)
    mass = np.exp(-(theta**2) / 2)
    every = np.array(np.meshgrid(*[[0, 1]] * 5)).reshape(5, -1).T
    curves = np.array([curve.probabilities(theta) for curve in fit.curves.values()])
    likely = np.prod([curves[j, every[:, j]] for j in range(5)], axis=0) @ mass
    score, seen = every.sum(axis=1), data.to_numpy().sum(axis=1)
    chi2 = 0.0
    for s in range(1, 5):
        n = (seen == s).sum()
        share = likely[(score == s) & (every[:, 1] == 1)].sum() / likely[score == s].sum()
        observed = data.loc[seen == s, "Item2"].mean()
        chi2 += n * (observed - share) ** 2 / (share * (1 - share))

    found = s_x2(fit, data).loc["Item2"]

    assert found["chi2"] == pytest.approx(chi2, rel=1e-9)
    assert found["df"] == 4 - 2


def test_s_x2_sees_an_item_that_is_no_logistic_curve():
    rng = np.random.default_rng(5)
    data, _ = graded(3000, 8, 1, seed=5)
    rest = data.sum(axis=1)
    data["hump"] = (rng.random(3000) < np.where((rest > 1) & (rest < 7), 0.8, 0.2)).astype(float)

    found = s_x2(fit_2pl(data), data)

    assert found.loc["hump", "p"] < 1e-8
    assert found["chi2"].idxmax() == "hump"


def test_s_x2_without_degrees_of_freedom_has_no_p():
    data = lsat6()[["Item1", "Item2", "Item3"]]

    assert s_x2(fit_2pl(data), data)["p"].isna().all()


def test_q3_puts_a_pair_of_echoes_first():
    data, _ = graded(1500, 10, 2, seed=6)
    echo = np.random.default_rng(6).random(1500) < 0.35
    data.loc[echo, "i5"] = data.loc[echo, "i4"]

    found = q3(fit_grm(data), data)

    assert len(found) == 45
    assert found.loc[0, ["first", "second"]].tolist() == ["i4", "i5"]
    assert found.loc[0, "above"] > 0.2
    assert found.loc[1, "above"] < 0.2
