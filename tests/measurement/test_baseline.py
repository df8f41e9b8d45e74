import numpy as np
import pandas as pd
import pytest

from measurement.evaluation.baseline import mean_change, return_to_mean, true_scores


def twice_measured(reliability=0.5, rooms=4000, seed=1):
    """First and last scores of rooms where nothing happens; centres of ten rooms."""
    rng = np.random.default_rng(seed)
    true = rng.normal(size=rooms) * np.sqrt(reliability)
    noise = np.sqrt(1 - reliability)
    first, last = (50 + 10 * (true + noise * rng.normal(size=rooms)) for _ in range(2))
    return first, last, np.arange(rooms) // 10, 50 + 10 * true


def test_return_to_mean_foretells_the_gain_of_the_lowest_quarter():
    first, last, _, _ = twice_measured()
    low = first < np.quantile(first, 0.25)

    gain, in_sd = return_to_mean(first, low, reliability=0.5)

    assert gain == pytest.approx((last - first)[low].mean(), abs=0.8)
    assert in_sd == pytest.approx(0.64, abs=0.02)


def test_mean_change_refuses_a_group_chosen_because_it_was_low():
    first, last, centres, _ = twice_measured()
    low = first < np.quantile(first, 0.25)

    found = mean_change(first[low], last[low], centres[low], everyone_first=first)

    assert (last - first)[low].mean() > 5
    assert (found.value, found.reason) == (None, "not_identified")


def test_mean_change_of_everyone_is_given():
    first, last, centres, _ = twice_measured()

    found = mean_change(first, last, centres, everyone_first=first)

    assert found.low < 0 < found.high


def test_true_scores_give_the_errors_in_variables_estimate():
    first, last, _, _ = twice_measured(rooms=300)
    dose = pd.DataFrame({"dose": np.random.default_rng(2).integers(0, 5, 300).astype(float)})
    x = np.column_stack([np.ones(300), dose["dose"], first])
    error = np.diag([0, 0, 0.4 * first.var()])
    moments = np.linalg.solve(x.T @ x - 300 * error, x.T @ last)

    corrected = true_scores(first, dose, reliability=0.6)

    again = np.column_stack([np.ones(300), dose["dose"], corrected])
    assert np.linalg.lstsq(again, last)[0] == pytest.approx(moments, abs=1e-10)


def test_true_scores_of_a_perfect_measure_are_the_scores():
    first, _, _, _ = twice_measured(rooms=50)

    assert true_scores(first, pd.DataFrame(index=range(50)), 1.0) == pytest.approx(first)


@pytest.mark.parametrize(
    ("first", "reliability", "reason"),
    [
        (np.full(20, 3.0), 0.5, "zero_variance"),
        (np.arange(20) + np.tile([0.0, 0.1], 10), 0.5, "not_identified"),
    ],
)
def test_true_scores_say_why_there_are_none(first, reliability, reason):
    others = pd.DataFrame({"same": np.arange(20.0)})

    assert true_scores(first, others, reliability) == reason


def test_wrong_input_is_refused():
    gap = np.array([np.nan, 1, 2])
    with pytest.raises(ValueError, match="reliability"):
        return_to_mean(gap, [True, True, False], 0)
    with pytest.raises(ValueError, match="Nobody was chosen"):
        return_to_mean(gap, [True, False, False], 0.5)
    with pytest.raises(ValueError, match="without gaps"):
        true_scores(gap, pd.DataFrame(index=range(3)), 0.5)
