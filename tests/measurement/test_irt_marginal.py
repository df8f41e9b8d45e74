import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from measurement.irt import fit_2pl, fit_gpcm, fit_grm, fit_pcm, fit_rasch
from tests.measurement.answers import graded, lsat6

TOLERANCE = 1e-5


def test_rasch_equals_reference(reference):
    data, expected = reference("irt_rasch_2pl_lsat6")

    by_slope, fixed, by_variance = (
        fit_rasch(data, scale) for scale in ("slope", "fixed", "variance")
    )

    case = expected["rasch_common_slope_MML"]
    assert by_slope.loglik == pytest.approx(case["loglik"], abs=1e-6)
    assert by_slope.aic == pytest.approx(case["aic"], abs=1e-6)
    assert by_slope.bic == pytest.approx(case["bic"], abs=1e-5)
    assert by_slope.items["location"].to_numpy() == pytest.approx(case["difficulty"], abs=TOLERANCE)
    assert by_slope.items["slope"].to_numpy() == pytest.approx(
        case["discrimination"], abs=TOLERANCE
    )
    case = expected["rasch_slope1_MML"]
    assert fixed.loglik == pytest.approx(case["loglik"], abs=1e-6)
    assert fixed.items["location"].to_numpy() == pytest.approx(case["difficulty"], abs=TOLERANCE)
    case = expected["rasch_freeVariance_mirt"]
    assert by_variance.loglik == pytest.approx(case["loglik"], abs=1e-6)
    assert by_variance.sd**2 == pytest.approx(case["latent_var"], abs=5e-5)
    assert by_variance.steps["intercept"].to_numpy() == pytest.approx(case["easiness_d"], abs=5e-5)


def test_2pl_equals_reference(reference):
    data, expected = reference("irt_rasch_2pl_lsat6")

    found = fit_2pl(data)

    case = expected["two_pl_mirt"]
    assert found.loglik == pytest.approx(case["loglik"], abs=1e-8)
    assert found.items["slope"].to_numpy() == pytest.approx(case["a"], abs=TOLERANCE)
    assert found.items["location"].to_numpy() == pytest.approx(case["b"], abs=TOLERANCE)
    # ltm stopped 7e-6 below the maximum.
    case = expected["two_pl_MML"]
    assert found.loglik == pytest.approx(case["loglik"], abs=1e-5)
    assert found.items["slope"].to_numpy() == pytest.approx(case["discrimination"], abs=0.001)


def test_lsat6_equals_published():
    # Rizopoulos (2006), J. Stat. Softw. 17(5), section 4.1.
    found = fit_rasch(lsat6())

    assert found.loglik == pytest.approx(-2466.938, abs=5e-4)
    assert found.items["slope"].iloc[0] == pytest.approx(0.7551, abs=5e-5)
    assert found.items["location"].to_numpy() == pytest.approx(
        [-3.6153, -1.3224, -0.3176, -1.7301, -2.7802], abs=5e-5
    )


def graded_curves(slope, difficulties, theta):
    above = expit(slope * (theta - np.array(difficulties)[:, None]))
    above = np.vstack([np.ones_like(theta), above, np.zeros_like(theta)])
    return above[:-1] - above[1:]


def partial_credit_curves(slope, difficulties, theta):
    steps = np.cumsum(slope * (theta - np.array(difficulties)[:, None]), axis=0)
    weights = np.exp(np.vstack([np.zeros_like(theta), steps]))
    return weights / weights.sum(axis=0)


def plain_loglik(data, curves, slopes, difficulties):
    """The marginal log-likelihood as it stands in the books, on 201 nodes over ±8."""
    theta = np.linspace(-8, 8, 201)
    mass = np.exp(-(theta**2) / 2)
    rows = np.ones((len(data), 201))
    for j, (slope, own) in enumerate(zip(slopes, difficulties, strict=True)):
        p = curves(slope, own, theta)
        codes = data.iloc[:, j].to_numpy()
        given = ~np.isnan(codes)
        rows[given] *= p[codes[given].astype(int)]
    return np.log(rows @ (mass / mass.sum())).sum()


def holed(data, seed):
    return data.mask(np.random.default_rng(seed).random(data.shape) < 0.1)


@pytest.mark.parametrize(
    ("fitted", "curves"),
    [
        (fit_grm, graded_curves),
        (fit_gpcm, partial_credit_curves),
        (lambda data: fit_pcm(data, "slope"), partial_credit_curves),
    ],
    ids=["graded", "generalised", "partial credit"],
)
def test_model_is_at_the_maximum_of_the_plain_likelihood(fitted, curves):
    data, _ = graded(300, 3, 2, seed=21)
    data = holed(data, 1)
    found = fitted(data)
    common = found.slopes == "common"
    slopes = found.items["slope"].to_numpy()[: 1 if common else None]
    best = np.concatenate([slopes, found.steps["difficulty"]])

    def loglik(parameters):
        slopes = np.repeat(parameters[:1], 3) if common else parameters[:3]
        return plain_loglik(data, curves, slopes, parameters[-6:].reshape(3, 2))

    step = 1e-3
    moves = step * np.eye(len(best))
    assert found.loglik == pytest.approx(loglik(best), abs=1e-6)
    gradient = [(loglik(best + move) - loglik(best - move)) / (2 * step) for move in moves]
    assert np.array(gradient) == pytest.approx(0, abs=1e-3)
    hessian = [
        [
            loglik(best + a + b)
            - loglik(best + a - b)
            - loglik(best - a + b)
            + loglik(best - a - b)
            for a in moves
        ]
        for b in moves
    ]
    se = np.sqrt(np.diag(np.linalg.inv(-np.array(hessian) / (4 * step**2))))
    stated = np.concatenate(
        [found.items["slope_se"].to_numpy()[: len(slopes)], found.steps["difficulty_se"]]
    )
    assert stated == pytest.approx(se, rel=1e-3)


def test_graded_and_partial_credit_models_of_two_steps_are_the_2pl():
    two = fit_2pl(lsat6())

    for same in (fit_grm(lsat6()), fit_gpcm(lsat6())):
        assert same.loglik == pytest.approx(two.loglik, abs=1e-9)
        assert same.items["slope"].to_numpy() == pytest.approx(two.items["slope"], abs=1e-6)


def test_codes_of_other_shapes_give_the_same_model():
    data, _ = graded(300, 5, 3, seed=2)
    plain = fit_grm(data)

    other = fit_grm(data.replace({0: -7.5, 1: 2, 2: 3, 3: 40}))

    assert other.loglik == pytest.approx(plain.loglik, abs=1e-9)
    assert other.steps["step"].unique().tolist() == [2, 3, 40]


def test_an_item_turned_round_turns_its_slope():
    data = lsat6()

    found = fit_2pl(data.assign(Item2=1 - data["Item2"]))

    assert found.items.loc["Item2", "slope"] == pytest.approx(-0.722744, abs=1e-5)
    assert found.items.loc["Item2", "location"] == pytest.approx(-1.370057, abs=1e-5)


def test_rows_without_any_answer_and_constant_items_change_nothing():
    data = lsat6().astype(float)
    more = pd.concat([data, data[:3] * np.nan], ignore_index=True).assign(always=1.0, never=np.nan)

    found = fit_2pl(more)

    assert (found.n, found.n_total) == (1000, 1003)
    assert found.items["reason"].tolist() == [""] * 5 + ["zero_variance", "all_missing"]
    assert found.loglik == pytest.approx(fit_2pl(data).loglik, abs=1e-9)


LSAT = lsat6()


@pytest.mark.parametrize(
    ("fitted", "frame", "reason"),
    [
        (fit_2pl, LSAT * np.nan, "all_missing"),
        (fit_2pl, LSAT * 0, "zero_variance"),
        (fit_2pl, LSAT.iloc[:, :2], "too_few_items"),
        (fit_rasch, LSAT.iloc[:, :1], "too_few_items"),
        (fit_2pl, LSAT.sample(8, random_state=1), "too_few_rows"),
        (fit_2pl, LSAT.assign(again=LSAT["Item3"]), "improper_solution"),
        (
            fit_rasch,
            pd.DataFrame([[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1]] * 9),
            "improper_solution",
        ),
    ],
)
def test_model_says_why_it_is_insufficient(fitted, frame, reason):
    found = fitted(frame)

    assert (found.reason, found.loglik, found.aic, found.bic) == (reason, None, None, None)
    assert found.items["slope"].isna().all()
    assert found.steps.empty


def test_items_with_nothing_in_common_are_at_the_boundary():
    noise = pd.DataFrame(np.random.default_rng(0).integers(0, 2, (300, 5)))

    found = fit_rasch(noise.assign(a=1 - noise[0]), "variance")

    assert found.reason == "at_boundary"
    assert found.sd < 1e-3
    assert found.sd_se is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fit_2pl(LSAT.replace({0: "no", 1: "yes"})), "must be numbers"),
        (lambda: fit_2pl(LSAT.replace({0: np.inf})), "finite"),
        (lambda: fit_2pl(LSAT + LSAT.sum(axis=1).to_numpy()[:, None]), "two values"),
        (lambda: fit_grm(LSAT.assign(x=np.arange(1000))), "is a measure"),
        (lambda: fit_grm(LSAT.set_axis(list("aabcd"), axis=1)), "name of its own"),
        (lambda: fit_rasch(LSAT, "own"), "scale of θ"),
        (lambda: fit_2pl(LSAT, nodes=5), "11 nodes"),
    ],
)
def test_model_refuses_wrong_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
