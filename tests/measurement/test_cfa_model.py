import numpy as np
import pytest

from measurement.cfa import Model
from measurement.cfa.likelihood import Likelihood
from measurement.cfa.sample import Sample
from measurement.cfa.specification import anywhere, identified, specify, starting_values

TWO = {"a": ["i0", "i1", "i2"], "b": ["i3", "i4", "i5"]}


def test_items_stand_in_the_order_in_which_factors_name_them():
    assert Model({"b": ["z", "y"], "a": ["y", "x"]}).items == ["z", "y", "x"]


def test_covariance_is_loadings_times_factors_plus_residuals():
    model = Model({"f": ["x", "y"], "g": ["y", "z"]}, residual_covariances=[("z", "x")])
    layout = model.layout()
    values = np.arange(1.0, len(layout.rows) + 1)

    loading = np.array([[1, 0], [2, 3], [0, 4]])
    factor = np.array([[9, 11], [11, 10]])
    residual = np.array([[5, 0, 8], [0, 6, 0], [8, 0, 7]])
    expected = loading @ factor @ loading.T + residual
    assert layout.covariance(values) == pytest.approx(expected)


@pytest.mark.parametrize("means", [False, True])
def test_slopes_are_those_of_covariance_and_mean(means):
    model = Model(TWO, residual_covariances=[("i0", "i4")])
    layout = model.layout(means=means)
    values = 0.5 + 0.3 * np.cos(np.arange(len(layout.rows)))

    step = 1e-30
    ahead = [values + 1j * step * one for one in np.eye(len(values))]

    sigma = np.array([layout.covariance(point).imag / step for point in ahead])
    mu = np.array([layout.mean(point).imag / step for point in ahead])
    assert layout.covariance_slopes(values) == pytest.approx(sigma, abs=1e-13)
    assert layout.mean_slopes(values) == pytest.approx(mu, abs=1e-13)


def test_standardised_values_imply_the_correlations():
    layout = Model(TWO).layout()
    values = 0.5 + 0.3 * np.cos(np.arange(len(layout.rows)))
    covariance = layout.covariance(values)

    spread = np.sqrt(np.diag(covariance))
    expected = covariance / np.outer(spread, spread)
    assert layout.covariance(layout.standardised(values)) == pytest.approx(expected)


def test_gradient_and_second_derivatives_are_those_of_the_value():
    rng = np.random.default_rng(1)
    model = Model(TWO, residual_covariances=[("i0", "i3")])
    sample = Sample.of(0.7 * rng.normal(size=(80, 1)) + rng.normal(size=(80, 6)))
    layout = model.layout(means=True)
    start = starting_values(model, layout, sample.covariance)[None, :]
    likelihood = Likelihood(specify(model, layout, start), [sample], means=True)
    theta = likelihood.specification.initial() + 0.03 * np.cos(np.arange(20))

    gradient, _ = likelihood.slope(theta)
    hessian = likelihood.hessian(theta)

    step = 1e-5 * np.eye(len(theta))
    by_value = [(likelihood.value(theta + h) - likelihood.value(theta - h)) / 2e-5 for h in step]
    by_slope = [
        (likelihood.slope(theta + h)[0] - likelihood.slope(theta - h)[0]) / 2e-5 for h in step
    ]
    assert gradient == pytest.approx(np.array(by_value), abs=1e-8)
    assert hessian == pytest.approx(np.array(by_slope), abs=1e-8)


@pytest.mark.parametrize(
    ("factors", "orthogonal", "answer"),
    [
        ({"f": ["a", "b", "c"]}, False, True),
        ({"f": ["a", "b"], "g": ["c", "d"]}, False, True),
        ({"f": ["a", "b"], "g": ["c", "d"]}, True, False),
        ({"f": ["a", "b", "c"], "g": ["d"]}, False, False),
        ({"f": ["a", "b", "c", "d", "e", "h"], "g": ["a", "b", "c"]}, True, True),
        ({"f": ["a", "b", "c", "d", "e", "h"], "g": ["a", "b", "c", "d", "e", "h"]}, True, False),
    ],
)
def test_identified_where_moments_tell_parameters_apart(factors, orthogonal, answer):
    model = Model(factors, orthogonal=orthogonal)
    layout = model.layout()
    start = starting_values(model, layout, np.eye(len(model.items)) / 2 + 0.5)[None, :]
    size = len(model.items)
    likelihood = Likelihood(
        specify(model, layout, start), [Sample(50, np.eye(size), np.zeros(size))]
    )

    assert identified(likelihood.every_slope(anywhere(likelihood.specification))) is answer


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (({},), "at least one factor"),
        (({"f": []},), "list of items"),
        (({"f": "abc"},), "list of items"),
        (({"f": ["a", "a"]},), "twice"),
        (({"a": ["a", "b"]},), "name of an item"),
        (({"f": ["a", "b"]}, "mean"), "marker"),
        (({"f": ["a", "b"]}, "marker", [("a", "c")]), "two different items"),
        (({"f": ["a", "b"]}, "marker", [("a", "b"), ("b", "a")]), "named twice"),
    ],
)
def test_model_refuses_what_is_none(arguments, message):
    with pytest.raises(ValueError, match=message):
        Model(*arguments)
