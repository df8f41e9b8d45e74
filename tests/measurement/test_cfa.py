import numpy as np
import pandas as pd
import pytest

from measurement.cfa import CfaFit, Model, cfa_covariance, cfa_ml

HOLZINGER = Model(
    {"visual": ["x1", "x2", "x3"], "textual": ["x4", "x5", "x6"], "speed": ["x7", "x8", "x9"]}
)
NAMES = {
    "pvalue": "p_value",
    "rmsea.ci.lower": "rmsea_low",
    "rmsea.ci.upper": "rmsea_high",
    "baseline.chisq": "baseline_chisq",
    "baseline.df": "baseline_df",
    "chisq.scaled": "chisq_scaled",
    "cfi.robust": "cfi_robust",
    "tli.robust": "tli_robust",
    "rmsea.robust": "rmsea_robust",
    "chisq.scaling.factor": "scaling_factor",
}
# Six school subjects of 220 boys (Lawley & Maxwell 1971, Factor analysis as a statistical method).
SUBJECTS = ["gaelic", "english", "history", "arithmetic", "algebra", "geometry"]
SCHOOL = pd.DataFrame(
    [
        [1, 0.439, 0.410, 0.288, 0.329, 0.248],
        [0.439, 1, 0.351, 0.354, 0.320, 0.329],
        [0.410, 0.351, 1, 0.164, 0.190, 0.181],
        [0.288, 0.354, 0.164, 1, 0.595, 0.470],
        [0.329, 0.320, 0.190, 0.595, 1, 0.464],
        [0.248, 0.329, 0.181, 0.470, 0.464, 1],
    ],
    SUBJECTS,
    SUBJECTS,
)
VERBAL_MATHS = Model({"verbal": SUBJECTS[:3], "maths": SUBJECTS[3:]})


def simulated(n, items=6, seed=1, loading=0.7):
    rng = np.random.default_rng(seed)
    factor = rng.normal(size=(n, 1))
    noise = rng.normal(size=(n, items))
    columns = [f"i{j}" for j in range(items)]
    return pd.DataFrame(loading * factor + np.sqrt(1 - loading**2) * noise, columns=columns)


def named(fit: CfaFit) -> pd.DataFrame:
    return fit.estimates.set_index(
        fit.estimates["lhs"] + fit.estimates["op"] + fit.estimates["rhs"]
    )


@pytest.mark.parametrize(("estimator", "part"), [("ML", "fit"), ("MLR", "fit_MLR")])
def test_fit_equals_lavaan(reference, estimator, part):
    data, expected = reference("cfa_holzinger_swineford")

    found = cfa_ml(data, HOLZINGER, estimator)

    assert found.reason == ""
    assert (found.n, found.n_total, found.k, found.converged) == (301, 301, 9, True)
    for name, value in expected[part].items():
        tolerance = 2e-5 if name in ("chisq.scaled", "chisq.scaling.factor") else 1e-8
        assert found.fit[NAMES.get(name, name)] == pytest.approx(value, abs=tolerance), name


def test_estimates_equal_lavaan(reference):
    data, expected = reference("cfa_holzinger_swineford")

    found = named(cfa_ml(data, HOLZINGER))

    for part, columns in (("estimates", ("est", "se")), ("standardized", ("std", "std_se"))):
        for row in expected[part]:
            for column, value in zip(columns, (row["est"], row["se"]), strict=True):
                assert found.loc[row["param"], column] == pytest.approx(value, abs=2e-6)


def test_reliability_equals_semtools(reference):
    data, expected = reference("cfa_holzinger_swineford")

    found = cfa_ml(data, HOLZINGER).reliability.set_index("factor")

    assert found["omega"].to_dict() == pytest.approx(expected["omega"], abs=1e-6)
    assert found["ave"].to_dict() == pytest.approx(expected["AVE"], abs=1e-6)


def test_robust_standard_errors_equal_lavaan(reference):
    # R lavaan 0.6-14: cfa(model, HolzingerSwineford1939, estimator = "MLR")
    data, _ = reference("cfa_holzinger_swineford")

    found = named(cfa_ml(data, HOLZINGER, "MLR"))

    assert found.loc["visual=~x2", "se"] == pytest.approx(0.132077906, abs=1e-6)
    assert found.loc["speed=~x9", "se"] == pytest.approx(0.266375897, abs=1e-6)
    assert found.loc["visual=~x1", "std_se"] == pytest.approx(0.074338844, abs=1e-6)


def test_robust_interval_equals_lavaan(reference):
    data, _ = reference("cfa_holzinger_swineford")

    found = cfa_ml(data, HOLZINGER, "MLR")

    assert found.headline["rmsea_low"] == pytest.approx(0.0720677308, abs=1e-8)
    assert found.headline["rmsea_high"] == pytest.approx(0.1137813080, abs=1e-8)
    assert found.headline["chisq"] == found.fit["chisq_scaled"]


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_scale_of_the_factor_does_not_change_the_fit(estimator):
    data = simulated(200)
    factors = {"a": ["i0", "i1", "i2"], "b": ["i3", "i4", "i5"]}

    marker = cfa_ml(data, Model(factors), estimator)
    variance = cfa_ml(data, Model(factors, "variance"), estimator)

    assert marker.fit == pytest.approx(variance.fit, abs=1e-6)
    assert marker.estimates["std"].to_numpy() == pytest.approx(
        variance.estimates["std"].to_numpy(), abs=1e-7
    )


def test_units_of_an_item_do_not_change_the_fit():
    data = simulated(200)
    model = Model({"f": list(data)})

    plain, scaled = cfa_ml(data, model), cfa_ml(data.assign(i0=data["i0"] * 1e4 - 7), model)

    assert scaled.fit["chisq"] == pytest.approx(plain.fit["chisq"], abs=1e-7)
    assert scaled.estimates["std_se"].to_numpy() == pytest.approx(
        plain.estimates["std_se"].to_numpy(), abs=1e-7
    )


def test_covariances_give_what_their_rows_give():
    data = simulated(150)
    model = Model({"f": list(data)})

    rows, moments = cfa_ml(data, model), cfa_covariance(data.cov(), 150, model)

    assert moments.fit == pytest.approx(rows.fit, abs=1e-9)


def test_two_factors_of_school_subjects_equal_lavaan():
    # R lavaan 0.6-14: cfa(model, sample.cov = S, sample.nobs = 220)
    found = cfa_covariance(SCHOOL, 220, VERBAL_MATHS)

    assert found.fit["df"] == 8
    assert found.fit["chisq"] == pytest.approx(7.989596221, abs=1e-6)
    assert named(found).loc["verbal~~maths", "std"] == pytest.approx(0.596975826, abs=1e-6)
    assert named(found).loc["verbal~~maths", "std_se"] == pytest.approx(0.071649748, abs=1e-6)


def test_bifactor_equals_lavaan(reference):
    # R lavaan 0.6-14, orthogonal = TRUE, std.lv = TRUE
    data, _ = reference("cfa_holzinger_swineford")
    items = HOLZINGER.items
    bifactor = Model(
        {"general": items, "textual": items[3:6], "speed": items[6:]}, "variance", orthogonal=True
    )

    found = cfa_ml(data, bifactor)

    assert found.fit["chisq"] == pytest.approx(42.29126262, abs=1e-6)
    assert (found.fit["df"], found.fit["npar"]) == (21, 24)


def test_rows_with_a_gap_are_left_out_and_counted():
    data = simulated(120)
    holed = data.mask(np.arange(720).reshape(120, 6) % 97 == 0)

    found = cfa_ml(holed, Model({"f": list(data)}))

    assert (found.n, found.n_total) == (len(holed.dropna()), 120)
    assert found.fit == cfa_ml(holed.dropna(), Model({"f": list(data)})).fit


def test_model_without_degrees_of_freedom_is_not_tested():
    found = cfa_ml(simulated(100, 3), Model({"f": ["i0", "i1", "i2"]}))

    assert found.reason == ""
    assert found.fit["df"] == 0
    assert found.fit["chisq"] == pytest.approx(0, abs=1e-9)
    assert {found.fit[name] for name in ("p_value", "cfi", "tli", "rmsea", "p_close")} == {None}


def test_negative_variance_is_reported_and_not_clamped():
    correlations = pd.DataFrame(
        [[1, 0.8, 0.7, 0.3], [0.8, 1, 0.4, 0.3], [0.7, 0.4, 1, 0.3], [0.3, 0.3, 0.3, 1]],
        list("abcd"),
        list("abcd"),
    )

    found = cfa_covariance(correlations, 200, Model({"f": list("abcd")}))

    assert found.reason == "improper_solution"
    assert named(found).loc["a~~a", "est"] < 0
    assert np.isnan(found.reliability["omega"].iloc[0])


@pytest.mark.parametrize(
    ("data", "factors", "reason"),
    [
        (simulated(100, 2), {"f": ["i0"]}, "too_few_items"),
        (simulated(100, 2), {"f": ["i0", "i1"]}, "not_identified"),
        (simulated(100, 4), {"f": ["i0", "i1", "i2"], "g": ["i3"]}, "not_identified"),
        (simulated(100, 6).assign(i0=3.0), {"f": ["i0", "i1", "i2", "i3"]}, "zero_variance"),
        (simulated(5, 6), {"f": ["i0", "i1", "i2", "i3"]}, "too_few_rows"),
        (simulated(12, 16), {"f": [f"i{j}" for j in range(16)]}, "too_few_rows"),
        (simulated(100, 4) * np.nan, {"f": ["i0", "i1", "i2", "i3"]}, "all_missing"),
        (
            simulated(100, 4).mask(np.tile(np.eye(4, dtype=bool), (25, 1))),
            {"f": ["i0", "i1", "i2", "i3"]},
            "no_overlap",
        ),
        (
            simulated(100, 4).eval("i3 = i0 + i1"),
            {"f": ["i0", "i1", "i2", "i3"]},
            "not_positive_definite",
        ),
    ],
)
def test_cfa_says_why_it_is_insufficient(data, factors, reason):
    found = cfa_ml(data, Model(factors))

    assert (found.reason, found.converged, len(found.estimates)) == (reason, False, 0)
    assert set(found.fit.values()) == {None}


@pytest.mark.parametrize("identification", ["marker", "variance"])
def test_solution_that_runs_away_is_not_converged(identification):
    # One factor cannot make two of three correlations positive and the third negative.
    matrix = [[1, 0.5, 0.5], [0.5, 1, -0.3], [0.5, -0.3, 1]]
    correlations = pd.DataFrame(matrix, list("abc"), list("abc"))

    found = cfa_covariance(correlations, 100, Model({"f": list("abc")}, identification))

    assert (found.reason, found.converged) == ("not_converged", False)


def test_factors_that_turn_out_unrelated_are_not_identified_with_two_items_each():
    matrix = np.eye(4)
    matrix[0, 1] = matrix[1, 0] = matrix[2, 3] = matrix[3, 2] = 0.5
    correlations = pd.DataFrame(matrix, list("abcd"), list("abcd"))

    found = cfa_covariance(correlations, 100, Model({"f": ["a", "b"], "g": ["c", "d"]}))

    assert found.reason == "not_identified"


@pytest.mark.parametrize(
    ("covariance", "n", "reason"),
    [(SCHOOL, 6, "too_few_rows"), (SCHOOL * 0 + 1, 100, "not_positive_definite")],
)
def test_covariances_say_why_they_are_insufficient(covariance, n, reason):
    assert cfa_covariance(covariance, n, VERBAL_MATHS).reason == reason


@pytest.mark.parametrize(
    ("data", "estimator", "message"),
    [
        (simulated(20), "GLS", "ML"),
        (simulated(20)[["i0", "i1"]], "ML", "no column for these items: i2"),
        (simulated(20).assign(i0="a"), "ML", "must be numbers"),
        (simulated(20).assign(i0=np.inf), "ML", "finite"),
        (pd.concat([simulated(20), simulated(20)], axis=1), "ML", "name of its own"),
    ],
)
def test_cfa_refuses_wrong_input(data, estimator, message):
    with pytest.raises(ValueError, match=message):
        cfa_ml(data, Model({"f": ["i0", "i1", "i2"]}), estimator)


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (SCHOOL.loc[SUBJECTS[:4], SUBJECTS[:4]], "a row and a column"),
        (SCHOOL[SUBJECTS[::-1]], "a row and a column"),
        (SCHOOL.mask(SCHOOL == 0.439), "no gaps"),
        (SCHOOL + np.triu(np.ones((6, 6)), 1), "symmetric"),
    ],
)
def test_covariance_refuses_wrong_input(matrix, message):
    with pytest.raises(ValueError, match=message):
        cfa_covariance(matrix, 100, VERBAL_MATHS)
