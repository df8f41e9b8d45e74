import numpy as np
import pandas as pd
import pytest

from measurement.need import BIN_COLUMNS, RANKING_COLUMNS, rank_need


def rooms(effect=0.0, n=180, seed=1):
    """Six rooms a centre with a score and the one that followed; a feature that may matter."""
    rng = np.random.default_rng(seed)
    centre = np.arange(n) // 6
    true = 50 + 8 * rng.normal(size=n) + 3 * rng.normal(size=n // 6)[centre]
    turnover = rng.normal(size=n)
    return pd.DataFrame(
        {
            "room": np.arange(n),
            "centre": centre,
            "score": true + 6 * rng.normal(size=n),
            "following": true - effect * turnover + 6 * rng.normal(size=n),
            "turnover": np.where(rng.random(n) < 0.1, np.nan, turnover),
            "minutes": rng.normal(size=n),
        }
    )


def ranked(data, now=None, **given):
    now = data if now is None else now
    return rank_need(
        data,
        now,
        ["turnover", "minutes"],
        np.random.default_rng(2),
        folds=3,
        resamples=200,
        **given,
    )


@pytest.fixture(scope="module")
def helpful():
    return ranked(rooms(effect=6.0))


@pytest.fixture(scope="module")
def useless():
    return ranked(rooms())


def test_model_that_foretells_better_is_used(helpful):
    assert (helpful.better, helpful.used) == (True, "model")
    assert helpful.gain.low > 0
    assert helpful.gain.value == pytest.approx(helpful.r2_model.value - helpful.r2_last_score.value)


def test_features_of_chance_leave_the_last_score(useless):
    ranking = useless.ranking

    assert (useless.better, useless.used) == (False, "last score")
    assert useless.gain.high > 0 > useless.gain.low or useless.gain.value < 0
    assert ranking["score"].is_monotonic_increasing


def test_prediction_returns_to_the_mean(useless):
    lowest = useless.ranking.iloc[0]

    assert lowest["score"] < lowest["expected"] < 50


def test_predictions_are_calibrated(helpful):
    found = helpful.calibration

    assert found.slope.low < 1 < found.slope.high
    assert list(found.bins.columns) == BIN_COLUMNS
    assert found.bins["n"].sum() == 180
    assert found.bins["expected"].is_monotonic_increasing


def test_ranking_holds_each_room_with_its_uncertainty(helpful):
    table = helpful.ranking

    assert list(table.columns) == RANKING_COLUMNS
    assert sorted(table["room"]) == list(range(180))
    assert (table["rank_low"] <= table["rank"]).all()
    assert (table["rank"] <= table["rank_high"]).all()
    assert (table["low"] < table["expected"]).all()
    assert (table["rank_high"] - table["rank_low"]).median() > 20


def test_prediction_intervals_hold_the_next_score(useless):
    both = useless.ranking.merge(rooms()[["room", "following"]], on="room")

    held = both["following"].between(both["low"], both["high"]).mean()

    assert held == pytest.approx(0.9, abs=0.05)


def test_same_seed_gives_the_same_ranking(useless):
    pd.testing.assert_frame_equal(ranked(rooms()).ranking, useless.ranking)


def test_rooms_without_a_score_are_not_ranked():
    data = rooms()
    now = data.assign(score=data["score"].where(data["room"] > 9))

    assert ranked(data, now).ranking["room"].min() == 10


@pytest.mark.parametrize(
    ("change", "rows", "reason"),
    [
        ({"following": np.nan}, 180, "all_missing"),
        ({}, 60, "too_few_rows"),
        ({"centre": 1}, 180, "too_few_clusters"),
        ({"following": 3.0}, 180, "zero_variance"),
    ],
)
def test_ranking_says_why_there_is_none(change, rows, reason):
    found = ranked(rooms().iloc[:rows].assign(**change))

    assert (found.reason, found.gain.reason, len(found.ranking)) == (reason, reason, 0)


@pytest.mark.parametrize(
    ("features", "folds", "message"),
    [
        (["score"], 3, "beside the last score"),
        (["minutes"], 1, "two folds"),
        (["age"], 3, "Rows of the history lack these columns: age"),
    ],
)
def test_ranking_refuses_wrong_input(features, folds, message):
    with pytest.raises(ValueError, match=message):
        rank_need(rooms(), rooms(), features, np.random.default_rng(0), folds=folds)
