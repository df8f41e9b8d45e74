import numpy as np
import pandas as pd
import pytest

from measurement.cfa import Model, cfa_ordinal
from measurement.cfa.groups import ordinal_samples
from measurement.cfa.specification import specify, starting_values
from measurement.cfa.weighted import WeightedSquares, implied, implied_slopes

BFI = Model({"A": [f"A{i}" for i in range(1, 6)], "C": [f"C{i}" for i in range(1, 6)]})
SCIENCE = Model(
    {
        "S": ["Comfort", "Work", "Future", "Benefit"],
        "T": ["Environment", "Technology", "Industry"],
    }
)


def answers(n, items=6, seed=1, loading=0.7, cuts=(-0.9, 0.1, 1.0)):
    rng = np.random.default_rng(seed)
    latent = loading * rng.normal(size=(n, 1)) + np.sqrt(1 - loading**2) * rng.normal(
        size=(n, items)
    )
    steps = (latent[:, :, None] > np.array(cuts)).sum(axis=2)
    return pd.DataFrame(steps, columns=[f"i{j}" for j in range(items)])


@pytest.mark.parametrize(
    ("estimator", "expected"),
    [  # R lavaan 0.6-14: cfa(model, data, ordered = TRUE, estimator = …)
        (
            "WLSMV",
            {
                "chisq": 449.277799196,
                "chisq_scaled": 593.495689370,
                "scaling_factor": 0.764275815,
                "baseline_chisq": 16514.446345158,
                "baseline_chisq_scaled": 10494.584710364,
                "cfi_scaled": 0.946457615,
                "tli_scaled": 0.929135078,
                "rmsea_scaled": 0.079085796,
                "rmsea_low_scaled": 0.073571754,
                "rmsea_high_scaled": 0.084732135,
                "srmr": 0.050616625,
                "df": 34,
                "npar": 61,
            },
        ),
        (
            "ULSMV",
            {
                "chisq": 363.588367649,
                "chisq_scaled": 520.174663059,
                "cfi_scaled": 0.935215118,
                "rmsea_scaled": 0.073721859,
                "srmr": 0.050126020,
            },
        ),
    ],
)
def test_fit_equals_lavaan(reference, estimator, expected):
    data, _ = reference("polychoric_efa")

    found = cfa_ordinal(data, BFI, estimator)

    assert (found.reason, found.n) == ("", 2632)
    for name, value in expected.items():
        assert found.fit[name] == pytest.approx(value, rel=1e-7, abs=2e-8), name


def test_estimates_equal_lavaan(reference):
    data, _ = reference("polychoric_efa")

    found = cfa_ordinal(data, BFI).estimates.set_index(["lhs", "op", "rhs"])

    # est, se, std, std_se of R lavaan 0.6-14
    for row, figures in {
        ("A", "=~", "A2"): (1.76945472, 0.08571702, 0.72223542, 0.01329934),
        ("C", "=~", "C5"): (1.08211753, 0.03576547, 0.64364518, 0.01432241),
        ("A", "~~", "C"): (0.08998976, 0.00695769, 0.37066508, 0.02204901),
    }.items():
        values = found.loc[row, ["est", "se", "std", "std_se"]].to_numpy(float)
        assert values == pytest.approx(np.array(figures), abs=2e-6)


def test_four_steps_equal_lavaan(shared_data):
    path = shared_data / "reference" / "polychoric_efa" / "science.csv"
    if not path.exists():
        pytest.skip("The science data are not here.")

    found = cfa_ordinal(pd.read_csv(path), SCIENCE)

    assert found.fit["chisq_scaled"] == pytest.approx(53.885825673, abs=1e-5)
    assert found.headline["p_value"] == pytest.approx(6.33e-07, abs=5e-10)
    assert found.headline["rmsea_high"] == pytest.approx(0.115168111, abs=1e-7)
    assert found.fit["srmr"] == pytest.approx(0.067891764, abs=1e-7)


def test_dwls_is_another_name():
    data, model = answers(200), Model({"f": [f"i{j}" for j in range(6)]})

    assert cfa_ordinal(data, model, "DWLS").fit == cfa_ordinal(data, model).fit


def test_codes_of_the_steps_do_not_matter():
    data, model = answers(200), Model({"f": [f"i{j}" for j in range(6)]})
    words = pd.CategoricalDtype(["no", "little", "much", "all"], ordered=True)
    renamed = data.apply(lambda item: item.map(dict(enumerate(words.categories))).astype(words))

    plain = cfa_ordinal(data, model)

    assert cfa_ordinal(data * 10 - 3, model).fit == plain.fit
    assert cfa_ordinal(renamed, model).fit == plain.fit


def test_items_may_differ_in_their_steps():
    data = answers(400)
    mixed = data.assign(i0=data["i0"].clip(upper=1), i1=data["i1"].clip(lower=1))

    found = cfa_ordinal(mixed, Model({"f": list(data)}))

    assert found.reason == ""
    assert (found.estimates["op"] == "|").sum() == 1 + 2 + 4 * 3
    assert found.fit["df"] == 9


def test_truth_is_found():
    found = cfa_ordinal(answers(20_000, loading=0.6), Model({"f": [f"i{j}" for j in range(6)]}))

    loadings = found.estimates.query("op == '=~'")
    assert ((loadings["std"] - 0.6).abs() < 4 * loadings["std_se"]).all()
    assert found.headline["rmsea"] < 0.02


def test_slopes_are_those_of_the_moments():
    data = answers(300)
    model = Model({"a": list(data)[:3], "b": list(data)[3:]}, residual_covariances=[("i0", "i4")])
    layout = model.layout(thresholds=dict.fromkeys(data, 3))
    values = 0.4 + 0.3 * np.cos(np.arange(len(layout.rows)))

    step = 1e-30
    numeric = [implied(layout, values + 1j * step * one).imag / step for one in np.eye(len(values))]

    assert implied_slopes(layout, values) == pytest.approx(np.array(numeric), abs=1e-12)


def test_second_derivatives_are_those_of_the_value():
    data = answers(300)
    samples, _ = ordinal_samples({"all": data}, "WLSMV", 10)
    sample = samples["all"]
    model = Model({"a": list(data)[:3], "b": list(data)[3:]})
    layout = model.layout(thresholds=sample.steps)
    function = squares(model, layout, sample)
    theta = function.specification.initial() + 0.02

    step = 1e-5 * np.eye(len(theta))
    numeric = [(function.slope(theta + h)[0] - function.slope(theta - h)[0]) / 2e-5 for h in step]

    assert function.hessian(theta) == pytest.approx(np.array(numeric), abs=1e-7)


def squares(model, layout, sample):
    start = starting_values(model, layout, sample.matrix)
    start[layout.at("threshold")[0]] = sample.level
    return WeightedSquares(specify(model, layout, start[None, :]), [sample])


def test_improper_solution_keeps_its_numbers():
    # Correlations that would need a loading above 1.
    rng = np.random.default_rng(3)
    matrix = np.array(
        [[1, 0.8, 0.7, 0.3], [0.8, 1, 0.4, 0.3], [0.7, 0.4, 1, 0.3], [0.3, 0.3, 0.3, 1]]
    )
    latent = rng.multivariate_normal(np.zeros(4), matrix, 3000)
    data = pd.DataFrame((latent[:, :, None] > [-0.5, 0.5]).sum(axis=2), columns=list("abcd"))

    found = cfa_ordinal(data, Model({"f": list("abcd")}))

    assert found.reason == "improper_solution"
    assert found.estimates.query("op == '=~'")["std"].max() > 1


def test_rows_with_a_gap_are_left_out_and_counted():
    data = answers(300)
    holed = data.mask(np.arange(1800).reshape(300, 6) % 101 == 0)

    found = cfa_ordinal(holed, Model({"f": list(data)}))

    assert (found.n, found.n_total) == (len(holed.dropna()), 300)


def test_model_without_degrees_of_freedom_is_not_tested():
    found = cfa_ordinal(answers(300, 3), Model({"f": ["i0", "i1", "i2"]}))

    assert found.fit["df"] == 0
    assert {found.fit[name] for name in ("p_value", "cfi", "rmsea")} == {None}
    assert found.headline["cfi"] is None


@pytest.mark.parametrize(
    ("data", "factors", "reason"),
    [
        (answers(200, 2), {"f": ["i0"]}, "too_few_items"),
        (answers(200, 2), {"f": ["i0", "i1"]}, "not_identified"),
        (answers(200, 4), {"f": ["i0", "i1", "i2"], "g": ["i3"]}, "not_identified"),
        (answers(200, 4).assign(i0=2), {"f": ["i0", "i1", "i2", "i3"]}, "zero_variance"),
        (answers(8, 4), {"f": ["i0", "i1", "i2", "i3"]}, "too_few_rows"),
        (answers(200, 4) * np.nan, {"f": ["i0", "i1", "i2", "i3"]}, "all_missing"),
        (
            answers(200, 4).mask(np.tile(np.eye(4, dtype=bool), (50, 1))),
            {"f": ["i0", "i1", "i2", "i3"]},
            "no_overlap",
        ),
        (
            answers(200, 4).eval("i3 = i0"),
            {"f": ["i0", "i1", "i2", "i3"]},
            "not_positive_definite",
        ),
    ],
)
def test_ordinal_cfa_says_why_it_is_insufficient(data, factors, reason):
    found = cfa_ordinal(data, Model(factors))

    assert (found.reason, found.converged, len(found.estimates)) == (reason, False, 0)
    assert set(found.fit.values()) == {None}


@pytest.mark.parametrize(
    ("data", "estimator", "message"),
    [
        (answers(50), "ML", "WLSMV"),
        (answers(50).replace({0: "never"}), "WLSMV", "words"),
        (answers(50)[["i0"]], "WLSMV", "no column"),
    ],
)
def test_ordinal_cfa_refuses_wrong_input(data, estimator, message):
    with pytest.raises(ValueError, match=message):
        cfa_ordinal(data, Model({"f": ["i0", "i1", "i2"]}), estimator)
