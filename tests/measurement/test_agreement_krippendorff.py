import numpy as np
import pandas as pd
import pytest
from scipy import stats

from measurement.agreement import krippendorff_alpha

LEVELS = pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
GAP = np.nan
# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C: four observers.
CANONICAL = pd.DataFrame(
    {
        "a": [1, 2, 3, 3, 2, 1, 4, 1, 2, GAP, GAP, GAP],
        "b": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, GAP, 3],
        "c": [GAP, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, GAP],
        "d": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, GAP],
    }
)


@pytest.mark.parametrize(
    ("level", "published"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_alpha_equals_published(level, published):
    found = krippendorff_alpha(CANONICAL, level)

    assert found.value == pytest.approx(published, abs=5e-4)
    assert found.n == 11
    assert found.method.endswith("1 targets rated once left out")


@LEVELS
def test_alpha_equals_reference(reference, level):
    data, expected = reference("krippendorff_canonical")

    assert krippendorff_alpha(data, level).value == pytest.approx(expected[level], abs=1e-12)


@pytest.mark.parametrize(
    ("level", "name"),
    [
        ("nominal", "irrCAC_alpha_unweighted"),
        ("interval", "irrCAC_alpha_quadratic"),
        ("ratio", "irrCAC_alpha_ratio"),
    ],
)
def test_alpha_interval_equals_reference(reference, level, name):
    data, expected = reference("krippendorff_canonical")

    found = krippendorff_alpha(data, level)

    se = (found.high - found.value) / stats.t.isf(0.025, 10)
    assert se == pytest.approx(expected[name]["se"], abs=6e-6)


@pytest.mark.parametrize(
    ("level", "value"),
    [  # krippendorff 0.9.0
        ("nominal", 0.07414085122657499),
        ("ordinal", 0.4881052307878838),
        ("interval", 0.4919668766367047),
        ("ratio", 0.3498055057059615),
    ],
)
def test_alpha_equals_the_krippendorff_package(level, value):
    assert krippendorff_alpha(holed(seed=4) * 2 + 1, level).value == pytest.approx(value, abs=1e-12)


@LEVELS
def test_alpha_interval_nears_the_jackknife(level):
    ratings = holed(seed=5, n=400) + 1
    n = int((ratings.notna().sum(axis=1) > 1).sum())

    found = krippendorff_alpha(ratings, level)

    without = [krippendorff_alpha(ratings.drop(index=i), level).value for i in ratings.index]
    jackknife = np.sqrt((n - 1) / n * ((np.array(without) - found.value) ** 2).sum())
    se = (found.high - found.value) / stats.t.isf(0.025, n - 1)
    assert se == pytest.approx(jackknife, rel=0.01)


def holed(seed, n=80):
    rng = np.random.default_rng(seed)
    height = rng.integers(0, 4, n)[:, None]
    ratings = pd.DataFrame(np.clip(height + rng.integers(-1, 2, (n, 4)), 0, 3)).astype(float)
    return ratings.mask(rng.random(ratings.shape) < 0.3)


def test_alpha_of_words_is_nominal_or_ordinal_in_the_order_given():
    words = {1: "never", 2: "seldom", 3: "often", 4: "mostly", 5: "always"}
    spelt = CANONICAL.astype(object).replace(words).where(CANONICAL.notna(), None)

    assert krippendorff_alpha(spelt).value == krippendorff_alpha(CANONICAL).value
    assert krippendorff_alpha(spelt, "ordinal", list(words.values())) == krippendorff_alpha(
        CANONICAL, "ordinal"
    )


def test_ordinal_alpha_knows_only_the_order():
    stretched = CANONICAL.replace({3: 30, 4: 400, 5: 5000})

    assert krippendorff_alpha(stretched, "ordinal").value == pytest.approx(
        krippendorff_alpha(CANONICAL, "ordinal").value, abs=1e-12
    )


@LEVELS
@pytest.mark.parametrize(
    ("ratings", "reason"),
    [
        (CANONICAL[["a"]], "one_rater"),
        (CANONICAL[["a"]].assign(b=GAP), "one_rater"),
        (CANONICAL * GAP, "all_missing"),
        (CANONICAL.iloc[:0], "too_few_rows"),
        (pd.DataFrame({"a": [1, 2, GAP], "b": [GAP, GAP, 2]}), "no_overlap"),
        (CANONICAL.iloc[:2], "too_few_rows"),
        (CANONICAL * 0 + 2, "zero_variance"),
    ],
)
def test_alpha_says_why_it_is_insufficient(level, ratings, reason):
    assert krippendorff_alpha(ratings, level).reason == reason


@LEVELS
def test_alpha_of_perfect_agreement_has_no_interval(level):
    found = krippendorff_alpha(pd.DataFrame({"a": [1, 2, 3], "b": [1, 2, 3]}), level)

    assert (found.value, found.low, found.reason) == (1.0, None, "perfect_agreement")


def test_alpha_stays_negative():
    found = krippendorff_alpha(pd.DataFrame({"a": [1, 2, 1, 2], "b": [2, 1, 2, 1]}))

    assert found.value == pytest.approx(1 - 1 / (32 / 56))


@pytest.mark.parametrize(
    ("ratings", "level", "message"),
    [
        ([[1, 2]] * 4, "metric", "must be one of"),
        ([["a", "b"]] * 4, "interval", "must be numbers"),
        ([["a", "b"]] * 4, "ordinal", "their order"),
        ([[-1, 2]] * 4, "ratio", "cannot be negative"),
    ],
)
def test_alpha_refuses_wrong_input(ratings, level, message):
    with pytest.raises(ValueError, match=message):
        krippendorff_alpha(pd.DataFrame(ratings), level)
