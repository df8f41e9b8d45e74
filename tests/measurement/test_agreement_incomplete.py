import numpy as np
import pandas as pd
import pytest

from measurement.agreement import (
    INCOMPLETE_FORMS,
    icc,
    icc_incomplete,
    mean_observers,
    mean_squares,
)
from measurement.agreement.crossed import crossed_reml

# Shrout & Fleiss (1979), Psychol. Bull. 86, 420–428, table 2: six targets, four judges.
COMPLETE = pd.DataFrame(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
)
HOLES = [(0, 1), (2, 3), (3, 0), (5, 2)]


def long(wide):
    return wide.rename_axis(index="target", columns="rater").stack().rename("score").reset_index()


def holed():
    wide = COMPLETE.astype(float)
    for row, column in HOLES:
        wide.iloc[row, column] = np.nan
    return long(wide).dropna()


def random_design(seed, targets, raters, each, sd=(1.0, 0.5, 0.8)):
    rng = np.random.default_rng(seed)
    target = np.repeat(np.arange(targets), each)
    rater = np.argsort(rng.random((targets, raters)), axis=1)[:, :each].ravel()
    score = sd[0] * rng.normal(size=targets)[target] + sd[1] * rng.normal(size=raters)[rater]
    score = score + sd[2] * rng.normal(size=len(target))
    return pd.DataFrame({"target": target, "rater": rater, "score": score})


@pytest.mark.parametrize(
    ("form", "known"),
    [
        ("ICC(A,1)", "ICC(2,1)"),
        ("ICC(A,khat)", "ICC(2,k)"),
        ("ICC(C,1)", "ICC(3,1)"),
        ("ICC(C,khat)", "ICC(3,k)"),
        ("ICC(Q,khat)", "ICC(3,k)"),
    ],
)
def test_icc_of_complete_ratings_equals_the_mean_squares_form(form, known):
    found = icc_incomplete(long(COMPLETE))[form]

    assert found.value == pytest.approx(icc(COMPLETE)[known].value, abs=1e-9)
    assert found.n == 6


def test_icc_of_complete_ratings_has_the_delta_interval_of_the_mean_squares():
    # Var(log MS) = 2/df of independent mean squares; ICC(C,1) has the logit (B − E)/(kE).
    b, _, e, _ = mean_squares(COMPLETE.to_numpy(dtype=float))

    found = icc_incomplete(long(COMPLETE))["ICC(C,1)"]

    half = 1.959963984540054 * np.sqrt((b / (b - e)) ** 2 * (2 / 5 + 2 / 15))
    middle = np.log((b - e) / (4 * e))
    assert found.low == pytest.approx(1 / (1 + np.exp(half - middle)), abs=1e-8)
    assert found.high == pytest.approx(1 / (1 + np.exp(-half - middle)), abs=1e-8)


def test_reml_of_incomplete_ratings_equals_lme4():
    # R 4.2.2, lme4 1.1-31: lmer(score ~ 1 + (1 | target) + (1 | rater))
    ratings = holed()

    found = crossed_reml(
        ratings["target"].to_numpy(), ratings["rater"].to_numpy(), ratings["score"].to_numpy()
    )

    sds = [1.7058026770941, 2.0935508088975, 1.0408995098146]
    assert np.sqrt(found.variances) == pytest.approx(sds, abs=2e-6)
    assert found.deviance == pytest.approx(78.870867908414, abs=1e-9)
    assert found.mean == pytest.approx(5.3050347936584, abs=1e-6)


def test_icc_of_incomplete_ratings_equals_lme4():
    found = icc_incomplete(holed())["ICC(A,1)"]

    assert found.value == pytest.approx(0.34738501977129, abs=1e-6)
    assert found.low < found.value < found.high
    assert found.n == 6


def test_icc_does_not_depend_on_labels_order_or_units():
    ratings = random_design(41, 40, 8, 3)
    other = ratings.assign(
        target=ratings["target"].map(lambda code: f"room {code % 7}-{code}"),
        rater=ratings["rater"].map(lambda code: f"observer {-code}"),
        score=1000 + 50 * ratings["score"],
    ).sample(frac=1, random_state=1)

    found, known = icc_incomplete(other), icc_incomplete(ratings)

    for form in INCOMPLETE_FORMS:
        assert found[form].as_dict() == pytest.approx(known[form].as_dict(), abs=1e-6)


def test_icc_leaves_out_ratings_without_score():
    empty = pd.DataFrame({"target": [99], "rater": ["new"], "score": [np.nan]})

    assert icc_incomplete(pd.concat([holed(), empty])) == icc_incomplete(holed())


def test_reml_is_the_same_whichever_factor_is_the_larger():
    ratings = random_design(42, 30, 9, 4)
    target, rater, score = (ratings[name].to_numpy() for name in ("target", "rater", "score"))

    one, other = crossed_reml(target, rater, score), crossed_reml(rater, target, score)

    assert one.variances == pytest.approx(other.variances[[1, 0, 2]], rel=1e-6)
    assert one.covariance == pytest.approx(other.covariance[np.ix_([1, 0, 2], [1, 0, 2])])
    assert len(one.rater_effects) == 9
    assert len(other.rater_effects) == 30


def test_mean_observers_of_a_complete_design_has_no_nonoverlap():
    k, q = mean_observers(np.repeat(np.arange(5), 3), np.tile(np.arange(3), 5))

    assert k == pytest.approx(3)
    assert q == pytest.approx(0)


def test_mean_observers_of_a_nested_design_is_one_over_k():
    k, q = mean_observers(np.array([0, 0, 1, 1, 1]), np.arange(5))

    assert k == pytest.approx(2 / (1 / 2 + 1 / 3))
    assert q == pytest.approx(1 / k)


def test_mean_observers_counts_what_pairs_of_targets_share():
    # Targets with observers {a, b}, {b, c}, {a, b, c}: shared 1, 2, 2 of 2·2, 2·3, 2·3.
    k, q = mean_observers(np.array([0, 0, 1, 1, 2, 2, 2]), np.array([0, 1, 1, 2, 0, 1, 2]))

    assert k == pytest.approx(3 / (1 / 2 + 1 / 2 + 1 / 3))
    assert q == pytest.approx(1 / k - (1 / 4 + 2 / 6 + 2 / 6) / 3)


def test_icc_with_observers_who_do_not_differ_stands_at_the_boundary():
    # All means of observers are equal.
    ratings = long(pd.DataFrame([[0, 1, 2], [6, 7, 5], [11, 9, 10]]))

    found = icc_incomplete(ratings)

    assert found["ICC(A,1)"].value == found["ICC(C,1)"].value > 0
    assert {(one.low, one.reason) for one in found.values()} == {(None, "at_boundary")}


def test_icc_with_targets_that_do_not_differ_is_zero_at_the_boundary():
    ratings = long(pd.DataFrame([[1, 4, 2.5], [4, 1, 3], [2, 3, 2], [3, 2.5, 1]]))

    found = icc_incomplete(ratings)

    assert {(one.value, one.low, one.reason) for one in found.values()} == {
        (0.0, None, "at_boundary")
    }


def test_icc_of_ratings_that_severity_explains_wholly():
    ratings = holed()
    ratings["score"] = ratings["target"] + 10.0 * ratings["rater"]

    found = icc_incomplete(ratings)

    targets, observers = np.var(range(6), ddof=1), 100 * np.var(range(4), ddof=1)
    assert found["ICC(C,1)"].value == 1.0
    assert found["ICC(A,1)"].value == pytest.approx(targets / (targets + observers))
    assert {one.reason for one in found.values()} == {"at_boundary"}


def test_icc_of_perfect_agreement_has_no_interval():
    ratings = holed()
    ratings["score"] = ratings["target"]

    found = icc_incomplete(ratings)

    assert {(one.value, one.low, one.reason) for one in found.values()} == {
        (1.0, None, "perfect_agreement")
    }


def test_icc_with_observers_of_one_centre_each_is_confounded():
    ratings = random_design(44, 20, 4, 3)
    centres = pd.concat(
        [ratings, ratings.assign(target=ratings["target"] + 20, rater=ratings["rater"] + 4)]
    )

    assert {one.reason for one in icc_incomplete(centres).values()} == {"observers_confounded"}

    bridged = pd.concat([centres, pd.DataFrame({"target": [20], "rater": [0], "score": [0.4]})])
    assert icc_incomplete(bridged)["ICC(A,1)"].value > 0


@pytest.mark.parametrize(
    ("ratings", "reason"),
    [
        (holed().iloc[:0], "too_few_rows"),
        (holed().assign(score=np.nan), "all_missing"),
        (holed().query("rater == 0"), "one_rater"),
        (pd.DataFrame({"target": [1, 2, 3], "rater": [1, 2, 1], "score": [1, 2, 3]}), "no_overlap"),
        (holed().query("target < 2"), "too_few_rows"),
        (holed().assign(score=2), "zero_variance"),
    ],
)
def test_icc_says_why_it_is_insufficient(ratings, reason):
    assert {one.reason for one in icc_incomplete(ratings).values()} == {reason}


@pytest.mark.parametrize(
    ("seed", "reason"), [(4, "not_identified"), (28, "not_converged"), (0, "at_boundary")]
)
def test_icc_of_too_few_ratings_never_pretends(seed, reason):
    scores = np.random.default_rng(seed).normal(size=6)
    chain = pd.DataFrame({"target": [0, 0, 1, 1, 2, 2], "rater": list("abbccd"), "score": scores})

    assert {one.reason for one in icc_incomplete(chain).values()} == {reason}


@pytest.mark.parametrize(
    ("ratings", "message"),
    [
        (holed()[["target", "score"]], "missing: .'rater'."),
        (pd.concat([holed(), holed()]), "rated a target twice"),
        (holed().assign(score="good"), "must be numbers"),
        (holed().assign(score=np.inf), "finite"),
        (holed().assign(rater=None), "target and the observer"),
    ],
)
def test_icc_refuses_wrong_input(ratings, message):
    with pytest.raises(ValueError, match=message):
        icc_incomplete(ratings)
