import numpy as np
import pandas as pd
import pytest

from measurement.dimensionality.parallel import parallel_analysis


def rows(n=400, loading=0.7, seed=1):
    """Six items of two unrelated factors."""
    rng = np.random.default_rng(seed)
    common = np.repeat(rng.normal(size=(n, 2)), 3, axis=1)
    return pd.DataFrame(loading * common + (1 - loading**2) ** 0.5 * rng.normal(size=(n, 6)))


def steps(data):
    return data.apply(lambda column: np.digitize(column, [-0.8, 0.2, 1]))


@pytest.mark.parametrize("model", ["components", "common"])
@pytest.mark.parametrize("kind", ["pearson", "polychoric"])
def test_parallel_analysis_finds_two_factors(kind, model):
    data = rows() if kind == "pearson" else steps(rows())

    found = parallel_analysis(data, np.random.default_rng(2), 40, kind=kind, model=model)

    assert (found.suggested, found.n, found.reason) == (2, 400, "")
    assert found.eigenvalues.index.tolist() == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("kind", ["pearson", "polychoric"])
def test_parallel_analysis_finds_nothing_in_unrelated_items(kind):
    data = rows(loading=0) if kind == "pearson" else steps(rows(loading=0))

    found = parallel_analysis(data, np.random.default_rng(2), 100, kind=kind)

    assert found.suggested == 0


def test_observed_eigenvalues_are_those_of_the_matrix():
    found = parallel_analysis(rows(), np.random.default_rng(3)).eigenvalues

    expected = np.linalg.eigvalsh(rows().corr())[::-1]
    assert found["observed"].to_numpy() == pytest.approx(expected)
    assert found["mean"].sum() == pytest.approx(6)
    assert (found["quantile"] > found["mean"]).all()


def test_eigenvalues_equal_reference_run_of_psych(reference):
    # fa.parallel(SMC = TRUE, n.iter = 200) of R psych 2.2.9; its simulation has another seed.
    data, _ = reference("polychoric_efa")
    rng = np.random.default_rng(4)

    components = parallel_analysis(data, rng, 400).eigenvalues
    common = parallel_analysis(data, rng, 400, model="common").eigenvalues

    assert components["observed"].iloc[:2].tolist() == pytest.approx([3.0417379124, 1.8138720992])
    assert common["observed"].iloc[:2].tolist() == pytest.approx([2.343205029, 1.112881079])
    assert components["mean"].iloc[:2].tolist() == pytest.approx([1.09683, 1.06773], abs=0.005)
    assert common["mean"].iloc[:2].tolist() == pytest.approx([0.10126, 0.07140], abs=0.005)


def test_independent_matrices_are_those_of_normal_rows():
    rng = np.random.default_rng(6)
    drawn = np.array(
        [np.linalg.eigvalsh(np.corrcoef(rng.normal(size=(6, 50))))[-1] for _ in range(400)]
    )

    found = parallel_analysis(rows(n=50), rng, 400).eigenvalues

    assert found.loc[1, "mean"] == pytest.approx(drawn.mean(), abs=5 * drawn.std() / 400**0.5)


def test_same_seed_gives_the_same_answer():
    first, second = (
        parallel_analysis(steps(rows()), np.random.default_rng(9), 20, kind="polychoric")
        for _ in range(2)
    )

    pd.testing.assert_frame_equal(first.eigenvalues, second.eigenvalues)


@pytest.mark.parametrize("kind", ["pearson", "polychoric"])
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (rows()[[0, 1]], "too_few_items"),
        (rows() * np.nan, "all_missing"),
        (rows(n=6), "too_few_rows"),
        (rows().round().assign(same=1.0), "zero_variance"),
    ],
)
def test_parallel_analysis_says_why_there_is_no_answer(kind, data, reason):
    found = parallel_analysis(data, np.random.default_rng(1), kind=kind)

    assert (found.suggested, found.reason) == (None, reason)


def test_item_that_repeats_another_leaves_no_common_factors():
    data = rows().assign(again=lambda frame: frame[0])

    found = parallel_analysis(data, np.random.default_rng(1), model="common")

    assert found.reason == "not_positive_definite"


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"replications": 5}, "20 replications"),
        ({"quantile": 1.0}, "quantile between"),
        ({"kind": "spearman"}, "pearson or polychoric"),
        ({"model": "pc"}, "components or common"),
    ],
)
def test_parallel_analysis_refuses_wrong_choices(choice, message):
    with pytest.raises(ValueError, match=message):
        parallel_analysis(rows(), np.random.default_rng(1), **choice)
